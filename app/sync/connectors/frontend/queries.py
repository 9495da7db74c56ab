"""The SQL of reading: our columns of a table, in the order of change and key."""

from app.sync.connectors.frontend.cells import LARGEST_CELL
from app.sync.connectors.frontend.dialect import Dialect, Query
from app.sync.connectors.frontend.laying import Layout
from app.sync.connectors.frontend.place import Change, Place
from app.sync.connectors.frontend.settings import Database, StreamTable

KEYS = ("sid", "ver")
"""Columns whose own types bound them, and that an index orders or counts."""


def layout_of(database: Database, table: StreamTable) -> Layout:
    """Return how the rows of ``selection`` become columns."""
    return Layout(
        names=tuple(table.columns) + (("op",) if table.deleted else ()),
        stamped=table.ver is None,
        utc_offset=database.terms.utc_offset,
        midnight_is_day=database.dialect.midnight_is_day,
    )


def selection(query: Query, table: StreamTable) -> str:
    """Return what to select: our columns, the deletion, whether a cell is too large, the change.

    A cell that is too large stays where it is: 4 GB of it would not fit into our memory.
    """
    quoted = query.dialect.quoted
    too_large = _too_large(query.dialect, table)
    parts = [
        f"CASE WHEN {too_large[theirs]} THEN NULL ELSE {quoted(theirs)} END"
        if theirs in too_large
        else quoted(theirs)
        for theirs in table.columns.values()
    ]
    if table.deleted:
        parts.append(f"CASE WHEN {lives(query, table)} THEN 'U' ELSE 'D' END")
    either = " OR ".join(too_large.values())
    parts.append(f"CASE WHEN {either} THEN 1 ELSE 0 END" if either else "0")
    parts.append(quoted(table.changed))
    return f"SELECT {', '.join(parts)} FROM {quoted(*table.table)}"


def _too_large(dialect: Dialect, table: StreamTable) -> dict[str, str]:
    """Return for each of their columns the condition that a cell of it is too large."""
    if dialect.length is None:
        return {}
    return {
        theirs: f"{dialect.length.format(dialect.quoted(theirs))} > {LARGEST_CELL}"
        for ours, theirs in table.columns.items()
        if ours not in KEYS
    }


def lives(query: Query, table: StreamTable) -> str:
    """Return the condition that a record lives; reading and counting share it."""
    if table.deleted is None:
        return "1 = 1"
    mark = query.dialect.quoted(table.deleted)
    if table.deleted_is is None:
        return f"{mark} IS NULL"
    return f"({mark} IS NULL OR {mark} <> {query.value(table.deleted_is)})"


def unstamped(dialect: Dialect, table: StreamTable, place: Place, wanted: int) -> Query:
    """Return the query for the next rows that do not say when they changed."""
    query = Query(dialect)
    sid = dialect.quoted(table.sid)
    words = f"{selection(query, table)} WHERE {dialect.quoted(table.changed)} IS NULL AND {sid}"
    words += " IS NOT NULL" if place.sid is None else f" > {query.value(place.sid)}"
    query.words = f"{words} ORDER BY {sid} {dialect.limit.format(wanted)}"
    return query


def same(dialect: Dialect, table: StreamTable, place: Place, wanted: int) -> Query:
    """Return the query for the rest of the rows of the change where a reading stands."""
    query = Query(dialect)
    sid, changed = dialect.quoted(table.sid), dialect.quoted(table.changed)
    query.words = (
        f"{selection(query, table)} WHERE {changed} = {query.value(place.changed)}"
        f" AND {sid} > {query.value(place.sid)} ORDER BY {sid} {dialect.limit.format(wanted)}"
    )
    return query


def later(
    dialect: Dialect, table: StreamTable, above: Change | None, until: Change | None, wanted: int
) -> Query:
    """Return the query for the rows of later changes, those settled if ``until`` is given."""
    query = Query(dialect)
    sid, changed = dialect.quoted(table.sid), dialect.quoted(table.changed)
    words = f"{selection(query, table)} WHERE {sid} IS NOT NULL AND {changed}"
    words += " IS NOT NULL" if above is None else f" > {query.value(above)}"
    if until is not None:
        words += f" AND {changed} <= {query.value(until)}"
    query.words = f"{words} ORDER BY {changed}, {sid} {dialect.limit.format(wanted)}"
    return query


def highest(dialect: Dialect, table: StreamTable) -> Query:
    """Return the query for the highest change of all."""
    query = Query(dialect)
    query.words = f"SELECT MAX({dialect.quoted(table.changed)}) FROM {dialect.quoted(*table.table)}"
    return query
