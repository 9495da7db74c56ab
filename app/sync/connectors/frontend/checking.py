"""What is wrong with a front-end database, told before the first night rather than after it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from app.sync.connectors.frontend import queries
from app.sync.connectors.frontend.dialect import Query
from app.sync.connectors.frontend.place import change_in, like
from app.sync.connectors.frontend.session import Session, session
from app.sync.connectors.frontend.settings import Database, StreamTable, TableName
from app.sync.connectors.protocol import SourceAway, SourceRefused

DRIFT = timedelta(seconds=60)


def check(database: Database, streams: Mapping[str, StreamTable]) -> Iterator[str]:
    """Yield what is wrong, in sentences; it reads single rows and writes nothing."""
    try:
        with session(database) as held:
            now = held.clock()
    except (SourceAway, SourceRefused) as fault:
        yield f"The database cannot be connected to: {fault}."
        return
    drift = abs(now - datetime.now(UTC))
    if drift > DRIFT:
        seconds = int(drift.total_seconds())
        yield f"The clock of the database differs from ours by {seconds} seconds."
    for table in streams.values():
        try:
            yield from _check_table(database, table, now)
        except (SourceAway, SourceRefused) as fault:
            yield f"{table.stream}: {fault}."


def _check_table(database: Database, table: StreamTable, now: datetime) -> Iterator[str]:
    missing = list(_missing(database, table))
    yield from missing
    if missing:
        return
    name = ".".join(table.table)
    with session(database) as held:
        if table.changed not in names_in(held, held.dialect.catalogue.leading, table.table):
            yield (
                f"{table.stream}: no index that begins with {table.changed} is to be seen on"
                f" {name}; without one, on ({table.changed}, {table.sid}), every page scans it all."
            )
        if rights := sorted(names_in(held, held.dialect.catalogue.writes, table.table)):
            yield f"{table.stream}: the account may write to {name} ({', '.join(rights)})."
        yield from _check_changes(held, database, table, now)
    if table.ack_table:
        yield from _check_ack(database, table.stream, table.ack_table)


def _missing(database: Database, table: StreamTable) -> Iterator[str]:
    """Yield what is not there; each column is asked for by itself, so that all are named."""
    theirs = [*table.columns.values(), table.changed, *([table.deleted] if table.deleted else [])]
    for column in dict.fromkeys(theirs):
        try:
            with session(database) as held:
                _ask(held, column, table.table)
        except SourceRefused as fault:
            if fault.code == "NO_SUCH_COLUMN":
                yield f"{table.stream}: {'.'.join(table.table)} has no column {column}."
                continue
            yield f"{table.stream}: {'.'.join(table.table)} cannot be read: {fault}."
            return


def _ask(held: Session, column: str, table: TableName) -> None:
    query = Query(held.dialect)
    quoted = held.dialect.quoted
    query.words = f"SELECT {quoted(column)} FROM {quoted(*table)} WHERE 1 = 0"
    held.rows(query)


def names_in(held: Session, template: str, table: TableName) -> set[str]:
    """Return what the catalogue tells of a table by one of its templates."""
    schema = table[0] if len(table) == 2 else None
    query = Query(held.dialect).filled(template, {"schema": schema, "table": table[-1]})
    return {str(name) for (name,) in held.rows(query)}


def _check_changes(
    held: Session, database: Database, table: StreamTable, now: datetime
) -> Iterator[str]:
    newest = change_in(table, held.rows(queries.highest(held.dialect, table))[0][0])
    if isinstance(newest, datetime) and newest > like(
        now + DRIFT, newest, database.terms.utc_offset
    ):
        yield (
            f"{table.stream}: the newest {table.changed} lies in the future; is utc_offset what"
            " their wall shows? Rows stamped so are not read again before their time."
        )
    query = Query(held.dialect)
    quoted = held.dialect.quoted
    query.words = (
        f"SELECT 1 FROM {quoted(*table.table)} WHERE {quoted(table.changed)} IS NULL"
        f" {held.dialect.limit.format(1)}"
    )
    if held.rows(query):
        yield (
            f"{table.stream}: some rows have no {table.changed}: they are read the first time,"
            " and after that found by reconciliation only."
        )


def _check_ack(database: Database, stream: str, table: TableName) -> Iterator[str]:
    try:
        with session(database) as held:
            query = Query(held.dialect)
            query.words = f"SELECT stream, place FROM {held.dialect.quoted(*table)} WHERE 1 = 0"
            held.rows(query)
    except SourceRefused as fault:
        yield f"{stream}: ack_table must have the columns stream and place: {fault}."
