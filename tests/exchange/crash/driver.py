"""``python -m tests.exchange.crash.driver SEED``: starts readings of the made-up source, and dies.

The product is put together once; each reading is a fork of that, which opens its own connections.
Orders come as lines of JSON, answers go out as lines: ``start`` answers with a process number,
``wait`` with how that process ended. What a reading does, and what the source
hears of it, is written to its journal as it happens.
"""

import json
import os
import sys
import traceback
from collections.abc import Mapping
from functools import partial
from typing import Any, NoReturn

import psycopg
import sqlalchemy
from flask import Flask

import wsgi
from app.database import apart
from app.database.reading import connect_apart
from app.factory import assemble
from app.settings import from_environment
from app.sync.inward import deletion, points, replay, tally
from app.sync.inward.engine import run_source
from tests.exchange.crash.deeds import DEEDS
from tests.exchange.crash.feed import PAGE_ROWS, Heard, MadeUp, Visit, visits
from tests.exchange.crash.records import SOURCE
from tests.exchange.crash.standing import named

NAME = "linli-crash-reading"
LARGE = 8
"""So many buckets that a page moves make it a large one here: some are, and some are not."""

FEW = 2
"""So many rows are deleted, and tried again, in one transaction here."""

VISITED, RECEIPT = "visited", "receipt"
COMMITTED = """
SELECT (cursor -> 'at' ->> 'row')::int AS row FROM sync_checkpoint
WHERE source = %(source)s AND stream = %(stream)s
"""
CUT = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE application_name = %(name)s AND datname = current_database() AND pid <> pg_backend_pid()
"""
"""Ends the connections of a reading, and returns when they are gone."""

DISCONNECT = "disconnect"
"""What may be ordered instead of a signal: that the server hangs up."""

BROKEN, CUT_OFF, UNFINISHED = 1, 3, 4
"""How a reading ends that raised, lost its connection, or did not come to its end."""


def main(seed: int) -> None:
    """Take orders until there are no more."""
    os.environ["PGAPPNAME"] = NAME
    tally.MOST, deletion.CHUNK, replay.CHUNK = LARGE, FEW, FEW
    app = assemble(from_environment(os.environ), wsgi.FEATURES)
    all_visits = visits(seed)
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "start":
            answer = os.fork()
            if answer == 0:
                _read(app, all_visits, order)
        else:
            _, ended = os.waitpid(order["pid"], 0)
            answer = os.waitstatus_to_exitcode(ended)
        print(answer, flush=True)


def _read(app: Flask, all_visits: list[Visit], order: Mapping[str, Any]) -> NoReturn:
    """Make the visits from one on, up to the one ordered, or do a deed; be struck as ordered."""
    journal = os.open(order["journal"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    reached = 0

    def note(name: str) -> None:
        nonlocal reached
        os.write(journal, f"{name}\n".encode())
        if reached == order.get("die_at"):
            _strike(order["by"])
        reached += 1

    points.watch(note)
    ended = BROKEN
    try:
        if order["deed"]:
            ended = _do(app, order["deed"])
        else:
            ended = _make_visits(app, all_visits[: order["until"]], order["visit"], journal)
    except psycopg.errors.DeadlockDetected:  # not a lost connection: somebody's mistake
        ended = BROKEN
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError):
        ended = CUT_OFF
    finally:
        if ended == BROKEN:
            traceback.print_exc()
        os._exit(ended)


def _strike(by: int | str) -> None:
    """Send this process a signal, or have the server end its connections."""
    if by != DISCONNECT:
        os.kill(os.getpid(), int(by))
        return
    with connect_apart() as connection:
        gone = connection.execute(CUT, {"name": NAME}).fetchall()
    if not gone or not all(each for (each,) in gone):
        raise AssertionError("the connections of the reading could not be ended")


def _make_visits(app: Flask, all_visits: list[Visit], first: int, journal: int) -> int:
    with app.app_context():
        for number in range(first, len(all_visits)):
            if not _visit(app, all_visits[number], partial(_heard, journal, number)):
                return UNFINISHED
            os.write(journal, f"{VISITED} {number}\n".encode())
    return 0


def _do(app: Flask, deed: str) -> int:
    with app.app_context():
        DEEDS[deed](named(app.extensions["linli.streams"]))
    return 0


def _heard(journal: int, visit: int, stream: str, row: int) -> None:
    """Keep a receipt, and mind one for what is not committed."""
    (checkpoint,) = apart(COMMITTED, {"source": SOURCE, "stream": stream})
    if row > checkpoint.row:
        raise AssertionError(f"{stream}: a receipt up to {row}, and {checkpoint.row} is committed")
    os.write(journal, f"{RECEIPT} {visit} {stream} {row}\n".encode())


def _visit(app: Flask, visit: Visit, heard: Heard) -> bool:
    streams = list(named(app.extensions["linli.streams"]).values())
    outcomes = run_source(MadeUp(visit, heard), streams, lambda *_: None, PAGE_ROWS)
    return all(each.status in ("done", "held") for each in outcomes)


if __name__ == "__main__":
    main(int(sys.argv[1]))
