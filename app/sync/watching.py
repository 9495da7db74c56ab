"""The reader: a process that reads each source when it is due, and reconciles it at night.

Any number of readers may run; a source is read by one at a time, which holds it by a lease.
"""

import logging
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import FrameType

import click
import psycopg
from sqlalchemy.exc import DBAPIError

from app import clock
from app.database import db, read, transaction, write
from app.sync.connectors.config import SourceConfig
from app.sync.contract.stream import Stream
from app.sync.inward.holds import carry_out_approved
from app.sync.looking import reconcile_at_night
from app.sync.running import configured_sources, run_configured

LOOK_EVERY = 5.0
LEASE = timedelta(minutes=5)
RENEW_EVERY = 60.0

KNOW = """
INSERT INTO sync_source AS s (source, kind, fresh_within_s, every_s)
VALUES (%(source)s, %(kind)s, %(fresh)s, %(every)s)
ON CONFLICT (source) DO UPDATE SET kind = excluded.kind,
  fresh_within_s = excluded.fresh_within_s, every_s = excluded.every_s
"""
TAKE = """
UPDATE sync_source SET reader_until = now() + %(lease)s,
  next_run_at = now() + make_interval(secs => every_s)
WHERE source = %(source)s AND every_s IS NOT NULL AND coalesce(next_run_at, now()) <= now()
  AND coalesce(reader_until, now()) <= now() RETURNING source
"""
TAKE_NIGHT = """
UPDATE sync_source SET reader_until = now() + %(lease)s, reconciled_at = now()
WHERE source = %(source)s AND coalesce(reconciled_at, '-infinity') < %(since)s
  AND coalesce(reader_until, now()) <= now() RETURNING source
"""
RENEW = "UPDATE sync_source SET reader_until = now() + %(lease)s WHERE source = %(source)s"
LET_GO = "UPDATE sync_source SET reader_until = NULL WHERE source = %(source)s"

log = logging.getLogger("linli.sync")


def watch(streams: Sequence[Stream], processes: int) -> None:
    """Read what is due until a signal says stop; a page in hand is committed first."""
    sources = configured_sources()
    for config in sources.values():
        _know(config)
    log.info("reader watches: %s", ", ".join(sources) or "nothing")
    with _stoppable() as stop:
        while not stop.is_set():
            try:
                look_once(sources, streams, processes)
            except (DBAPIError, psycopg.Error) as fault:
                log.warning("the reader lost the database: %s", type(fault).__name__)
            finally:
                db.session.remove()
            stop.wait(LOOK_EVERY)


def look_once(
    sources: Mapping[str, SourceConfig], streams: Sequence[Stream], processes: int = 0
) -> list[str]:
    """Carry out what was approved, read what is due; return the names of what was read."""
    carry_out_approved({stream.name: stream for stream in streams})
    done = []
    for name, config in sources.items():
        if _take(TAKE, name):
            done.append(name)
            with _held(name):
                _said(run_configured, name, streams, processes)
        if config.reconcile_at is not None and _take(TAKE_NIGHT, name, _last_night(config)):
            with _held(name):
                _said(reconcile_at_night, name, streams, processes)
    return done


def _said(work: object, name: str, *args: object) -> None:
    """Run a command's work; its complaint is a line of the log, not the end of the reader."""
    try:
        work(name, *args)  # type: ignore[operator]
    except click.ClickException as fault:
        log.warning("sync %s: %s", name, fault.message.replace("\n", " "))


def _know(config: SourceConfig) -> None:
    every = int(config.every.total_seconds()) if config.every else None
    fresh = int(config.fresh_within.total_seconds())
    about = {"source": config.source, "kind": config.kind, "fresh": fresh, "every": every}
    with transaction():
        write(KNOW, about)


def _take(sql: str, source: str, since: datetime | None = None) -> bool:
    with transaction():
        return bool(write(sql, {"source": source, "lease": LEASE, "since": since}))


def _last_night(config: SourceConfig) -> datetime:
    """Return when the last reconciliation was due."""
    here = clock.now().astimezone(clock.SHANGHAI)
    assert config.reconcile_at is not None
    due = datetime.combine(here.date(), config.reconcile_at, clock.SHANGHAI)
    return due if due <= here else due - timedelta(days=1)


@contextmanager
def _held(source: str) -> Iterator[None]:
    """Keep the lease while a reading goes on, on a thread of its own."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(RENEW_EVERY):
            read(RENEW, {"source": source, "lease": LEASE})

    thread = threading.Thread(target=renew, name="sync lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        with transaction():
            write(LET_GO, {"source": source})


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
