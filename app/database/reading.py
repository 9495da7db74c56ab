"""Statements outside a deed: one connection a thread, in autocommit for good.

A read opens no transaction, borrows nothing from a pool, and so costs one round trip. A process
holds as many of these connections as it has threads that read.
"""

import os
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import ExecStatus
from psycopg.rows import namedtuple_row
from sqlalchemy import URL, make_url

from app.database.sight import current_sight
from app.settings import Settings

TUPLES_OK = ExecStatus.TUPLES_OK
Params = Mapping[str, object] | None

_statements: ContextVar[int] = ContextVar("statements", default=0)


class _Own(threading.local):
    """What a thread has of its own; ``process`` tells a connection inherited by a fork."""

    connection: psycopg.Connection[Any] | None = None
    url: str = ""
    process: int = 0
    sight: str = ""  # as the server was told it

    def __init__(self) -> None:
        self.cursors: dict[str, Kept] = {}  # the one used last comes last


Kept = tuple[psycopg.Cursor[Any], bytes]
"""A cursor and the statement that it knows how to write and read."""

STATEMENTS, ROWS = 64, 50
"""So many cursors are kept by a thread, of answers no longer than this."""

_own = _Own()
_where: dict[str, Any] = {"url": "", "options": {}}


def connection_options(settings: Settings) -> dict[str, Any]:
    """Return how every connection of the product is opened: nothing waits for ever."""
    limits = {
        "statement_timeout": settings.statement_timeout_ms,
        "lock_timeout": 2000,
        "idle_in_transaction_session_timeout": 10_000,
        "timezone": "UTC",
        "jit": "off",
    }
    return {
        "connect_timeout": 3,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 30,
        "prepare_threshold": 3,
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
    }


def libpq_url(url: URL) -> str:
    """Return a URL as libpq reads it: without a driver, and with no plus for a space."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return plain.replace("+", "%20")


def conninfo_of(url: str) -> str:
    """Return what libpq calls the server of a URL; a socket may lie in a folder with spaces."""
    parts = make_url(url)
    named = parts.translate_connect_args(username="user", database="dbname")
    return make_conninfo(**{**named, **parts.query})


def read_from(settings: Settings) -> None:
    """Say which server is read; done once when the application is assembled."""
    _where["url"] = conninfo_of(settings.database_url)
    _where["options"] = connection_options(settings)


def apart(sql: str, params: Params = None) -> list[Any]:
    """Run one statement by itself, outside any deed; if it writes, that stays.

    Besides reads it is for counting tries, which must outlive the refusal that they lead to. A
    connection that turns out to be dead is replaced, and the statement is sent once more.
    """
    try:
        return _again(_mine(), sql, params)
    except psycopg.OperationalError:
        if _own.connection is not None and not _own.connection.closed:
            raise  # the server answered: it refused, it did not vanish
        return _again(_mine(), sql, params)


def _again(connection: psycopg.Connection[Any], sql: str, params: Params) -> list[Any]:
    """Run a statement by the cursor that ran it before: a third of the driver's work is spared."""
    cursors = _own.cursors
    kept = cursors.pop(sql, None) or _made(connection, sql)
    rows = _rows(*kept, params)
    if len(rows) <= ROWS:  # a cursor holds its answer until the next
        cursors[sql] = kept
        if len(cursors) > STATEMENTS:
            del cursors[next(iter(cursors))]
    return rows


def run(connection: psycopg.Connection[Any], sql: str, params: Params) -> list[Any]:
    """Run a statement on a connection and return its rows, if it has any."""
    return _rows(*_made(connection, sql), params)


def _made(connection: psycopg.Connection[Any], sql: str) -> Kept:
    return connection.cursor(row_factory=_Rows()), sql.encode()


class _Rows:
    """Makes rows as ``namedtuple_row`` does, whose names are looked up once: a statement's stay.

    A server whose columns have changed says so, instead of answering a statement that it knows.
    """

    def __init__(self) -> None:
        self._fields = 0
        self._make: Any = tuple

    def __call__(self, cursor: psycopg.Cursor[Any]) -> Any:
        result = cursor.pgresult
        if result is not None and result.nfields != self._fields:
            self._fields, self._make = result.nfields, namedtuple_row(cursor)
        return self._make


def _rows(cursor: psycopg.Cursor[Any], statement: bytes, params: Params) -> list[Any]:
    _statements.set(_statements.get() + 1)
    cursor.execute(statement, params)
    result = cursor.pgresult
    return cursor.fetchall() if result is not None and result.status == TUPLES_OK else []


def statements_so_far() -> int:
    """Return how many statements this context has sent; take differences, nothing resets it."""
    return _statements.get()


def _mine() -> psycopg.Connection[Any]:
    """Return the thread's connection, in the sight of now.

    The server is told only where that changed: who polls and reads nothing of a person costs
    nothing more than who they are.
    """
    connection, wanted = _connected(), current_sight()
    if _own.sight != wanted.setting:
        connection.execute(wanted.said(), prepare=False)
        _own.sight = wanted.setting
    return connection


def goes_on_in(sight: str) -> None:
    """Note in which sight a statement left the thread's connection that said so to the server.

    Whoever reads next in that sight need not tell the server again.
    """
    _own.sight = sight


def connect_apart() -> psycopg.Connection[Any]:
    """Open one more connection to the server that is read, in autocommit, for its caller alone."""
    return psycopg.connect(_where["url"], autocommit=True, **_where["options"])


async def connect_beside() -> psycopg.AsyncConnection[Any]:
    """Open a connection for one who waits among others, in autocommit."""
    return await psycopg.AsyncConnection.connect(
        _where["url"], autocommit=True, **_where["options"]
    )


def _connected() -> psycopg.Connection[Any]:
    held = _own.connection
    if held and not held.closed and (_own.url, _own.process) == (_where["url"], os.getpid()):
        return held
    if held and _own.process == os.getpid():
        held.close()
    _own.cursors.clear()
    _own.connection = connect_apart()
    _own.url, _own.process, _own.sight = _where["url"], os.getpid(), ""
    return _own.connection
