"""What is looked at and done in the databases between the laps."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from bench.sync.dlt_settings import DATASET
from bench.sync.residents import COLUMNS

COPIED = "copied"
MB = 1e6


class Unequal(Exception):
    """Something else came of the rows than should have; the message says what."""


def connected(url: str) -> psycopg.Connection[Any]:
    """Return a connection whose every statement is a transaction of its own."""
    return psycopg.connect(url, autocommit=True)


def make_copied(url: str) -> None:
    """Make COPY's table: logged, all text, with a primary key."""
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(n)) for n in COLUMNS)
    statement = sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY (sid))")
    with connected(url) as connection:
        connection.execute(statement.format(sql.Identifier(COPIED), columns))


def empty_copied(url: str) -> None:
    """Empty COPY's table."""
    with connected(url) as connection:
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(COPIED)))


def empty_ours(url: str, mirrors: Sequence[str]) -> None:
    """Empty the product's mirrors and the books of its exchange."""
    with connected(url) as connection:
        books = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename LIKE 'sync\\_%'"
        ).fetchall()
        names = [sql.Identifier(name) for name in (*mirrors, *(row[0] for row in books))]
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))


def drop_dlts(url: str) -> None:
    """Drop what dlt has made."""
    names = [sql.Identifier(name) for name in (DATASET, f"{DATASET}_staging")]
    with connected(url) as connection:
        connection.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.SQL(", ").join(names))
        )


def settle(*urls: str) -> None:
    """Vacuum, as the server will have done by the next night, and not in the middle of a lap."""
    for url in urls:
        with connected(url) as connection:
            connection.execute("VACUUM (ANALYZE)")


def check_live(url: str, mirror: str, rows: int) -> None:
    """See that so many records live in a mirror.

    Raises:
        Unequal: others do.
    """
    statement = sql.SQL("SELECT count(*) FROM {} WHERE deleted_at IS NULL")
    with connected(url) as connection:
        (found,) = connection.execute(statement.format(sql.Identifier(mirror))).fetchone() or (0,)
    if found != rows:
        raise Unequal(f"{mirror}: {found} live instead of {rows}")


def check_same(ours: str, mirror: str, peers: str) -> None:
    """See that the mirror, COPY's table and dlt's hold the same rows.

    Raises:
        Unequal: they do not.
    """
    sums: Mapping[str, object] = {
        "ours": _sum(ours, mirror),
        "COPY": _sum(peers, COPIED),
        "dlt": _sum(peers, DATASET, "residents"),
    }
    if len(set(sums.values())) != 1:
        raise Unequal(f"count and sum of the rows: {sums}")


def wal_mb(connection: psycopg.Connection[Any]) -> float:
    """Return how much the server has ever written to its log."""
    (found,) = connection.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchone() or (0,)
    return float(found) / MB


def _sum(url: str, *table: str) -> object:
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    statement = sql.SQL("SELECT count(*), sum(hashtextextended(concat_ws(',', {}), 0)) FROM {}")
    with connected(url) as connection:
        return connection.execute(statement.format(columns, sql.Identifier(*table))).fetchone()
