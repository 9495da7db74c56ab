"""PostgreSQL through psycopg, and Kingbase, which speaks its protocol.

Texts of a database without a character set (SQL_ASCII) may be anything: there, what is not UTF-8 is
found row by row. Everywhere else the server itself refuses to send what it cannot turn into UTF-8,
and with it the page.
"""

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.abc import Buffer

from app.sync.connectors.frontend.dialect import Catalogue, Connection, Dialect, Faults, Row, Terms
from app.sync.connectors.frontend.parts import in_parts

LATE = 30  # seconds that we wait beyond the time a statement has
NAMED = "to_regclass(concat_ws('.', quote_ident({schema}::text), quote_ident({table}::text)))"

CATALOGUE = Catalogue(
    leading=f"""
SELECT a.attname::text FROM pg_index i
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = {NAMED} AND i.indisvalid AND i.indpred IS NULL""",
    unique=f"""
SELECT a.attname::text FROM pg_index i
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = {NAMED} AND i.indisvalid AND i.indpred IS NULL
AND i.indisunique AND i.indnatts = 1""",
    writes=f"""
SELECT p FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS p
WHERE has_table_privilege({NAMED}::oid, p)""",
)

CODES = {
    "42703": "NO_SUCH_COLUMN",
    "42P01": "NO_SUCH_TABLE",
    "3F000": "NO_SUCH_TABLE",
    "3D000": "NO_SUCH_TABLE",
    "42501": "NO_ACCESS",
    "28000": "NO_ACCESS",
    "28P01": "NO_ACCESS",
    "22021": "BAD_BYTES",
    "22P05": "BAD_BYTES",
    "22001": "UNFIT",
    "23514": "UNFIT",
    "23505": "REPEATED",
}
PASSING = ("08", "25P03", "40", "53", "55", "57", "58", "none")


class _Moment(psycopg.adapt.Loader):
    """Reads what Python can hold of the times; ``infinity`` and years BC stay the text they are."""

    def load(self, data: Buffer) -> datetime | str:
        words = bytes(data).decode()
        try:
            return datetime.fromisoformat(words)
        except ValueError:
            return words


class _Day(psycopg.adapt.Loader):
    def load(self, data: Buffer) -> date | str:
        words = bytes(data).decode()
        try:
            return date.fromisoformat(words)
        except ValueError:
            return words


class _Words(psycopg.adapt.Loader):
    """Reads a text whatever its bytes are."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode("utf-8", "surrogateescape")


LOADERS: dict[str, type[psycopg.adapt.Loader]] = {
    **dict.fromkeys(("timestamp", "timestamptz"), _Moment),
    "date": _Day,
    **dict.fromkeys(("json", "jsonb", "interval"), _Words),
}
UNCHECKED: dict[str, type[psycopg.adapt.Loader]] = dict.fromkeys(
    ("text", "varchar", "bpchar"), _Words
)


class _Patient(psycopg.Connection[Any]):
    """A connection that hangs up when its server stands still: libpq itself would wait forever."""

    patience = 60.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Hang up unless the block is done in time."""
        watch = threading.Timer(self.patience, _hang_up, [self.fileno()])
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def _hang_up(handle: int) -> None:
    with suppress(OSError), socket.socket(fileno=os.dup(handle)) as line:
        line.shutdown(socket.SHUT_RDWR)


def _connect(terms: Terms) -> Connection:
    _, _, rest = terms.url.partition("://")
    connection = _Patient.connect(
        f"postgresql://{rest}",
        connect_timeout=max(2, terms.connect_within),
        application_name="linli",
        client_encoding="UTF8",
        keepalives_idle=30,
        tcp_user_timeout=30_000,
        prepare_threshold=None,  # a pooler in between may change servers under us
    )
    seconds = terms.timeout.total_seconds()
    connection.patience = seconds + min(LATE, seconds)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = not terms.writes
    try:
        with connection.watched():
            # all for this transaction only: behind a pooler the session is somebody else's, too
            connection.execute("SELECT set_config('datestyle', 'ISO, YMD', true)")
            zone = f"SET LOCAL TIME ZONE INTERVAL '{terms.zone}' HOUR TO MINUTE"
            connection.execute(zone.encode())
            connection.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}".encode())
            unchecked = connection.info.parameter_status("server_encoding") == "SQL_ASCII"
            if unchecked:
                connection.execute("SET LOCAL client_encoding TO SQL_ASCII")
    except BaseException:
        connection.close()
        raise
    for name, loader in (LOADERS | UNCHECKED if unchecked else LOADERS).items():
        connection.adapters.register_loader(name, loader)
    return connection


def _stream(
    connection: Connection, words: str, values: Sequence[Any], most: int
) -> Iterator[Sequence[Row]]:
    # A cursor at the server: its planner then prefers the index to sorting the whole table.
    with connection.cursor(name="linli") as cursor:
        with connection.watched():
            cursor.execute(words.encode(), values)

        def fetch(wanted: int) -> Sequence[Row]:
            with connection.watched():
                found: Sequence[Row] = cursor.fetchmany(wanted)
                return found

        yield from in_parts(fetch, most)


def _code(fault: Exception) -> str:
    return getattr(fault, "sqlstate", None) or (
        "none" if isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError) else "driver"
    )


def _otherwise(code: str) -> str:
    return "AWAY" if code.startswith(PASSING) else "QUERY_FAILED"


POSTGRESQL = Dialect(
    kind="postgresql",
    schemes=("postgresql", "postgres"),
    connect=_connect,
    stream=_stream,
    faults=Faults((psycopg.Error,), _code, CODES, _otherwise),
    catalogue=CATALOGUE,
    mark="%s",
    url_options=None,
    quotes='"',
    limit="LIMIT {0}",
    clock="SELECT clock_timestamp() AT TIME ZONE 'UTC'",
    text="CAST({0} AS text)",
    length="octet_length(CAST({0} AS text))",
    joined="{0} || ':' || {1}",
    # before release 14 the epoch is a double, exact to the microsecond only once rounded
    micros="round(extract(epoch FROM {0}::timestamptz) * 1000000)::bigint",
    bucket="('x' || substr(md5({0}), 1, 3))::bit(12)::int",
    weight="('x' || substr(md5({0}), 1, 15))::bit(60)::bigint",
)

KINGBASE = replace(POSTGRESQL, kind="kingbase", schemes=("kingbase", "kingbase8", "postgresql"))
