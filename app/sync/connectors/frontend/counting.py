"""What a table holds, without reading it: counts and sums by bucket, keys, single records.

It finds what reading by change cannot: a transaction that lasted longer than was said, a row
written with the change of another, a row deleted without a mark.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from app.sync.connectors.frontend import queries
from app.sync.connectors.frontend.cells import Strange, change_of, spell
from app.sync.connectors.frontend.dialect import Query, Row
from app.sync.connectors.frontend.laying import laid, lay
from app.sync.connectors.frontend.session import PAGE_BYTES, Session, session
from app.sync.connectors.frontend.settings import Database, StreamTable
from app.sync.connectors.protocol import Page

AT_ONCE = 500  # keys in one query; Oracle takes no more than 1000

Keys = Sequence[tuple[str, int]]


def digest(database: Database, table: StreamTable) -> Mapping[int, tuple[int, int]]:
    """Return for each bucket that is not empty how many records live in it, and their sum.

    Raises:
        SourceRefused, SourceAway
    """
    with session(database) as held:
        if not database.dialect.bucket:
            return _reckoned(_live(held, database, table, None))
        found = held.rows(_sums(database, table))
    return {int(bucket): (int(count), int(total)) for bucket, count, total in found}


def keys(database: Database, table: StreamTable, buckets: Collection[int]) -> Iterator[Keys]:
    """Yield (sid, ver) of the live records of these buckets, some thousand at a time.

    Raises:
        SourceRefused, SourceAway
    """
    if not buckets:
        return
    with session(database) as held:
        yield from _live(held, database, table, frozenset(buckets))


def fetch(database: Database, table: StreamTable, sids: Sequence[str]) -> Iterator[Page]:
    """Yield the records of these keys anew; those that are gone are left out.

    Raises:
        SourceRefused, SourceAway
    """
    layout = queries.layout_of(database, table)
    asked = [sids[begin : begin + AT_ONCE] for begin in range(0, len(sids), AT_ONCE)]
    while asked:
        some = asked.pop(0)
        with session(database) as held:
            rows, cut = _of(held, table, _typed(held, table, some))
        if cut and len(some) > 1:  # too much for a page: asked for again, by halves
            half = len(some) // 2
            asked = [some[:half], some[half:], *asked]
        elif rows:
            yield Page(partial(laid, lay(layout, rows)), {})


def _of(held: Session, table: StreamTable, sids: Sequence[str | int]) -> tuple[list[Row], bool]:
    """Return the living rows of some keys, and whether these are too much for a page."""
    if not sids:
        return [], False
    query = Query(held.dialect)
    words = queries.selection(query, table)
    marks = ", ".join(query.value(each) for each in sids)
    query.words = (
        f"{words} WHERE {held.dialect.quoted(table.sid)}"
        f" IN ({marks}) AND {queries.lives(query, table)}"
    )
    return held.some(query, PAGE_BYTES)


def _sums(database: Database, table: StreamTable) -> Query:
    dialect = database.dialect
    assert dialect.bucket, "asked only where there is MD5"
    assert dialect.weight, "both or none"
    query = Query(dialect)
    sid = dialect.text.format(dialect.quoted(table.sid))
    pair = dialect.joined.format(sid, dialect.text.format(_version(database, table)))
    query.words = (
        f"SELECT b, COUNT(*), SUM(w) FROM ("
        f"SELECT {dialect.bucket.format(sid)} AS b, {dialect.weight.format(pair)} AS w"
        f" FROM {dialect.quoted(*table.table)} WHERE {_counts(query, database, table)}"
        f") t GROUP BY b"
    )
    return query


def _live(
    held: Session, database: Database, table: StreamTable, buckets: frozenset[int] | None
) -> Iterator[Keys]:
    dialect = database.dialect
    query = Query(dialect)
    sid = dialect.quoted(table.sid)
    if dialect.bucket:  # listed as they are counted: a CHAR may lose its padding on the way to text
        sid = dialect.text.format(sid)
    version = dialect.quoted(table.ver or table.changed)
    query.words = (
        f"SELECT {sid}, {version} FROM {dialect.quoted(*table.table)}"
        f" WHERE {_counts(query, database, table)}"
    )
    if buckets is not None and dialect.bucket:
        bucket = dialect.bucket.format(sid)
        query.words += f" AND {bucket} IN ({', '.join(str(int(b)) for b in sorted(buckets))})"
    for rows in held.stream(query):
        told = [pair for row in rows if (pair := _pair(row, database)) is not None]
        if buckets is not None and not dialect.bucket:
            told = [pair for pair in told if _bucket(pair[0]) in buckets]
        if told:
            yield told


def _pair(row: Row, database: Database) -> tuple[str, int] | None:
    """Return key and version, or nothing: what is no record here is not one there either."""
    try:
        sid, ver = spell(row[0]), change_of(row[1], database.terms.utc_offset)
        return (sid, int(ver)) if sid and ver else None
    except (Strange, ValueError):
        return None


def _counts(query: Query, database: Database, table: StreamTable) -> str:
    quoted = database.dialect.quoted
    version = quoted(table.ver or table.changed)
    return (
        f"{queries.lives(query, table)} AND {quoted(table.sid)} IS NOT NULL"
        f" AND {version} IS NOT NULL"
    )


def _version(database: Database, table: StreamTable) -> str:
    dialect = database.dialect
    if table.ver is None and table.changed_kind == "time":
        offset = int(database.terms.utc_offset.total_seconds()) * 1_000_000
        return dialect.micros.format(dialect.quoted(table.changed), offset)
    return dialect.quoted(table.ver or table.changed)


def _typed(held: Session, table: StreamTable, sids: Sequence[str]) -> Sequence[str | int]:
    """Return the keys in the type of their column: a text against a number misses its index."""
    query = Query(held.dialect)
    sid = held.dialect.quoted(table.sid)
    query.words = f"SELECT {sid} FROM {held.dialect.quoted(*table.table)}"
    query.words += f" WHERE {sid} IS NOT NULL {held.dialect.limit.format(1)}"
    sample = held.rows(query)
    if sample and isinstance(sample[0][0], int | Decimal):
        return [int(each) for each in sids if each.isascii() and each.isdigit()]
    return sids


def _reckoned(parts: Iterator[Keys]) -> Mapping[int, tuple[int, int]]:
    counts: dict[int, int] = defaultdict(int)
    sums: dict[int, int] = defaultdict(int)
    for part in parts:
        for sid, ver in part:
            bucket = _bucket(sid)
            counts[bucket] += 1
            sums[bucket] += int(_md5(f"{sid}:{ver}")[:15], 16)
    return {bucket: (counts[bucket], sums[bucket]) for bucket in counts}


def _bucket(sid: str) -> int:
    return int(_md5(sid)[:3], 16)


def _md5(words: str) -> str:
    return hashlib.md5(words.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
