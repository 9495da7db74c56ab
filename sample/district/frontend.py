"""The district's records as tables of a front-end database (前置库), the way real ones look.

Times are the wall's, and what is gone is marked (SCBZ 删除标志) rather than deleted. Beside them
lies the table into which outcomes are put.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby, islice
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
import pymysql

from sample.district.abbreviations import KEPT, OUTCOMES, TABLES, column

WALL = timezone(timedelta(hours=8))
AT_ONCE = 1000


class Change(NamedTuple):
    """A record as it is since ``updated_at`` (microseconds from the epoch); ``op`` U or D."""

    stream: str
    sid: str
    ver: int
    op: str
    fields: Mapping[str, Any]
    updated_at: int


class FrontEndTables:
    """Makes the tables and keeps the records in them; ``postgresql://`` or ``mysql://``."""

    def __init__(self, url: str) -> None:
        self._mysql = urlsplit(url).scheme in ("mysql", "mariadb")
        self._connection: Any = _open_mysql(url) if self._mysql else psycopg.connect(url)

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def has(self, table: str) -> bool:
        """Tell whether there is such a table."""
        here = "database()" if self._mysql else "current_schema()"
        tables = "SELECT table_schema FROM information_schema.tables WHERE table_name = %s"
        with self._connection.cursor() as cursor:
            cursor.execute(f"{tables} AND table_schema = {here}", (table,))
            found = cursor.fetchone()
        self._connection.commit()
        return found is not None

    def make(self, stream: str, fields: Sequence[str]) -> None:
        """Make the table of a stream, with the index that reading by time needs."""
        words, moment = ("TEXT", "DATETIME(6)") if self._mysql else ("text", "timestamp(6)")
        name = self._quoted(TABLES[stream])
        parts = [
            f"{self._quoted(KEPT['sid'])} VARCHAR(128) PRIMARY KEY",
            f"{self._quoted(KEPT['ver'])} BIGINT NOT NULL",
            f"{self._quoted(KEPT['deleted'])} CHAR(1) DEFAULT '0' NOT NULL",
            f"{self._quoted(KEPT['changed'])} {moment} NOT NULL",
            *(f"{self._quoted(column(stream, each))} {words}" for each in fields),
        ]
        order = f"{self._quoted(KEPT['changed'])}, {self._quoted(KEPT['sid'])}"
        with self._connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {name} ({', '.join(parts)})")
            index = self._quoted(f"IX_{TABLES[stream]}")
            cursor.execute(f"CREATE INDEX {index} ON {name} ({order})")
        self._connection.commit()

    def fill(self, changes: Iterable[Change]) -> None:
        """Keep changes in their order, a transaction for each run of one stream."""
        for (stream, fields), run in groupby(changes, lambda c: (c.stream, tuple(c.fields))):
            words = self._upsert(stream, fields)
            with self._connection.cursor() as cursor:
                while some := [_row(change) for change in islice(run, AT_ONCE)]:
                    cursor.executemany(words, some)
            self._connection.commit()

    def make_outcomes(self) -> None:
        """Make the table of outcomes: numbered as they come, each key once."""
        number = "BIGINT AUTO_INCREMENT" if self._mysql else "bigint GENERATED ALWAYS AS IDENTITY"
        words = "MEDIUMTEXT" if self._mysql else "text"
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TABLE {self._quoted(OUTCOMES)} ("
                f"{self._quoted('LSH')} {number} PRIMARY KEY,"
                f" {self._quoted('WYBS')} VARCHAR(200) NOT NULL UNIQUE,"
                f" {self._quoted('NR')} {words} NOT NULL, {self._quoted('LX')} VARCHAR(80))"
            )
        self._connection.commit()

    def outcomes(self) -> Iterator[tuple[str, str]]:
        """Yield (key, envelope) of what was put in, in the order in which it came."""
        number, key, envelope = (self._quoted(each) for each in ("LSH", "WYBS", "NR"))
        where = f"{self._quoted(OUTCOMES)} WHERE {number} > %s ORDER BY {number} LIMIT {AT_ONCE}"
        sql = f"SELECT {number}, {key}, {envelope} FROM {where}"  # noqa: S608  names of ours
        after = 0
        while True:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, (after,))
                found = cursor.fetchall()
            self._connection.commit()
            if not found:
                return
            yield from ((key, envelope) for _, key, envelope in found)
            after = found[-1][0]

    def clear(self, key: str) -> None:
        """Take an outcome away that is in the books."""
        with self._connection.cursor() as cursor:
            where = f"{self._quoted(OUTCOMES)} WHERE {self._quoted('WYBS')} = %s"
            cursor.execute(f"DELETE FROM {where}", (key,))  # noqa: S608  names of ours
        self._connection.commit()

    def _upsert(self, stream: str, fields: Sequence[str]) -> str:
        names = [self._quoted(each) for each in KEPT.values()]
        names += [self._quoted(column(stream, each)) for each in fields]
        marks = ", ".join(["%s"] * len(names))
        table = self._quoted(TABLES[stream])
        said = " ".join(["INSERT INTO", table, f"({', '.join(names)})", f"VALUES ({marks})"])
        if self._mysql:
            renewed = ", ".join(f"{name} = VALUES({name})" for name in names[1:])
            return f"{said} ON DUPLICATE KEY UPDATE {renewed}"
        renewed = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        return f"{said} ON CONFLICT ({names[0]}) DO UPDATE SET {renewed}"

    def _quoted(self, name: str) -> str:
        return f"`{name}`" if self._mysql else f'"{name}"'


def _row(change: Change) -> tuple[Any, ...]:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=change.updated_at)
    wall = moment.astimezone(WALL).replace(tzinfo=None)
    gone = "1" if change.op == "D" else "0"
    return (change.sid, change.ver, wall, gone, *change.fields.values())


def _open_mysql(url: str) -> Any:
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname or "localhost",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")) or None,
        unix_socket=dict(parse_qsl(parts.query)).get("unix_socket"),
        charset="utf8mb4",
    )
