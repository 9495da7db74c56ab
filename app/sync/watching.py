"""The reader: a process that reads each source when it is due, and reconciles it at night.

Any number of readers may run; a source is read by one at a time, which holds it by a lease.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from types import FrameType

import click
import psycopg
from sqlalchemy.exc import DBAPIError

from app import clock
from app.database import db, transaction, write
from app.sync.connectors.config import SourceConfig
from app.sync.contract.stream import Stream
from app.sync.inward.engine import Overtaken, Stopped
from app.sync.inward.holds import NotCarriedOut, carry_out_approved
from app.sync.lease import LEASE, held
from app.sync.looking import reconcile_at_night
from app.sync.running import Terminal, configured_sources, run_configured

LOOK_EVERY = 5.0

KNOW = """
INSERT INTO sync_source AS s (source, kind, fresh_within_s, every_s)
VALUES (%(source)s, %(kind)s, %(fresh)s, %(every)s)
ON CONFLICT (source) DO UPDATE SET kind = excluded.kind,
  fresh_within_s = excluded.fresh_within_s, every_s = excluded.every_s
"""
# A lease that ran out was nobody's to let go: its reader died, and its reading goes on now.
TAKE = """
UPDATE sync_source SET reader_until = now() + %(lease)s,
  next_run_at = now() + make_interval(secs => every_s)
WHERE source = %(source)s AND every_s IS NOT NULL
  AND (coalesce(next_run_at, now()) <= now() OR reader_until IS NOT NULL)
  AND coalesce(reader_until, now()) <= now() RETURNING reader_until
"""
TAKE_NIGHT = """
UPDATE sync_source SET reader_until = now() + %(lease)s, reconciled_at = now()
WHERE source = %(source)s AND coalesce(reconciled_at, '-infinity') < %(since)s
  AND coalesce(reader_until, now()) <= now() RETURNING reader_until
"""
# What a signal cut short is due again as soon as somebody looks.
READ_AGAIN = "UPDATE sync_source SET next_run_at = now() WHERE source = %(source)s"
RECONCILE_AGAIN = "UPDATE sync_source SET reconciled_at = NULL WHERE source = %(source)s"

log = logging.getLogger("linli.sync")

Work = Callable[[], object]


class Watched(Terminal):
    """Shows how far a reading is, and ends it behind the page in hand once told to stop."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop

    def __call__(self, stream: str, done: int, expected: int | None) -> None:
        """Print a line.

        Raises:
            Stopped: a signal came.
        """
        super().__call__(stream, done, expected)
        if self._stop.is_set():
            raise Stopped


def watch(streams: Sequence[Stream], processes: int) -> None:
    """Read what is due until a signal says stop; a page in hand is committed first."""
    sources = configured_sources()
    for config in sources.values():
        know(config)
    with _stoppable() as stop:
        log.info("reader watches: %s", ", ".join(sources) or "nothing")
        while not stop.is_set():
            try:
                look_once(sources, streams, processes, stop)
            except (DBAPIError, psycopg.Error) as fault:
                log.warning("the reader lost the database: %s", type(fault).__name__)
            finally:
                db.session.remove()
            stop.wait(LOOK_EVERY)
    log.info("reader stopped")


def look_once(
    sources: Mapping[str, SourceConfig],
    streams: Sequence[Stream],
    processes: int = 0,
    stop: threading.Event | None = None,
) -> list[str]:
    """Carry out what was approved, read what is due; return the names of what was read.

    Once ``stop`` is set, the page in hand is the last.
    """
    stop = stop or threading.Event()
    progress = Watched(stop)
    known = {stream.name: stream for stream in streams}
    _attempt("approved deletions", lambda: carry_out_approved(known))
    done = []
    for name, config in sources.items():
        if not stop.is_set() and (until := _take(TAKE, name)):
            done.append(name)
            reading = partial(run_configured, name, streams, processes, progress)
            _do(name, until, reading, READ_AGAIN)
        night = None if config.reconcile_at is None else _last_night(config)
        if not stop.is_set() and night and (until := _take(TAKE_NIGHT, name, night)):
            counting = partial(reconcile_at_night, name, streams, processes, progress)
            _do(name, until, counting, RECONCILE_AGAIN)
    return done


def _do(source: str, until: datetime, work: Work, again: str) -> None:
    """Do some work on a source that is ours until then, and let it go."""
    with held(source, until):
        finished = _attempt(source, work)
    if not finished:
        with transaction():
            write(again, {"source": source})


def _attempt(name: str, work: Work) -> bool:
    """Do some work, unless a signal cuts it short; tell whether it came to an end.

    What goes wrong with it is a line of the log, and holds up no other source.
    """
    try:
        work()
    except Stopped:
        log.info("sync %s: stopped behind the page in hand", name)
        return False
    except Overtaken:
        log.info("sync %s: somebody else reads a stream of it", name)
    except NotCarriedOut as fault:
        log.warning("sync %s: %s", name, fault)
    except click.ClickException as fault:
        log.warning("sync %s: %s", name, fault.message.replace("\n", " "))
    except Exception as fault:  # noqa: BLE001  one source's fault must not stop the others
        log.error("sync %s failed: %s", name, type(fault).__name__)
        db.session.remove()
    return True


def know(config: SourceConfig) -> None:
    """Write a source into the books, as it is configured now."""
    every = int(config.every.total_seconds()) if config.every else None
    fresh = int(config.fresh_within.total_seconds())
    about = {"source": config.source, "kind": config.kind, "fresh": fresh, "every": every}
    with transaction():
        write(KNOW, about)


def _take(sql: str, source: str, since: datetime | None = None) -> datetime | None:
    """Take a source if it is free and due; return until when it is ours."""
    with transaction():
        taken = write(sql, {"source": source, "lease": LEASE, "since": since})
    return taken[0].reader_until if taken else None


def _last_night(config: SourceConfig) -> datetime:
    """Return when the last reconciliation was due."""
    here = clock.now().astimezone(clock.SHANGHAI)
    assert config.reconcile_at is not None
    due = datetime.combine(here.date(), config.reconcile_at, clock.SHANGHAI)
    return due if due <= here else due - timedelta(days=1)


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    stop = threading.Event()

    def remember(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {each: signal.signal(each, remember) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
