"""A short session at the district's database: faults told in our words, values never in them.

Each page is read in a session of its own. A connection costs milliseconds, and none is left
hanging in a transaction at somebody else's server while we are busy with what it gave us.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from math import inf

from app.sync.connectors.frontend.dialect import Connection, Dialect, Query, Row
from app.sync.connectors.frontend.parts import NARROW, WIDE, weight_of
from app.sync.connectors.frontend.settings import Database
from app.sync.connectors.protocol import SourceAway, SourceRefused

PAGE_BYTES = 64 << 20
"""What the rows of a page come to in our memory, give or take the last few: then it ends."""

WORDS = {
    "NO_SUCH_COLUMN": "a column is not there; the check of this source says which",
    "NO_SUCH_TABLE": "a table is not there, or this account does not see it",
    "NO_ACCESS": "the account may not sign in or may not read a table",
    "BAD_BYTES": "text that is not of the character set that the database says it is",
    "UNFIT": "a value does not fit its column",
    "QUERY_FAILED": "the database refuses a query",
}


class Session:
    """An open session, all of it on one snapshot."""

    def __init__(self, dialect: Dialect, connection: Connection) -> None:
        self.dialect = dialect
        self.connection = connection

    def rows(self, query: Query) -> list[Row]:
        """Return all rows of a query that bounds them itself."""
        return self.some(query, inf)[0]

    def some(self, query: Query, most: float) -> tuple[list[Row], bool]:
        """Return the rows of a query until they come to so many bytes, and whether they did.

        At least two come, if there are as many, for the last may only tell that there are more.
        A session that has left a query before its end can ask no other. Undecodable bytes come
        as lone surrogates, where the driver can be told so.
        """
        try:
            return self._some(query, most)
        except UnicodeDecodeError:
            if not self.dialect.tolerant:
                raise SourceRefused("BAD_BYTES", WORDS["BAD_BYTES"]) from None
        self.dialect.tolerant(self.connection)
        return self._some(query, most)

    def stream(self, query: Query) -> Iterator[Sequence[Row]]:
        """Yield the rows of a query, however many, some thousand at a time."""
        try:
            yield from self._parts(query, NARROW)
        except UnicodeDecodeError:
            raise SourceRefused("BAD_BYTES", WORDS["BAD_BYTES"]) from None

    def clock(self) -> datetime:
        """Return what time it is at the source."""
        query = Query(self.dialect)
        query.words = self.dialect.clock
        now: datetime = self.rows(query)[0][0]
        return now.replace(tzinfo=UTC)

    def _some(self, query: Query, most: float) -> tuple[list[Row], bool]:
        rows, weight = list[Row](), 0
        with closing(self._parts(query, WIDE)) as parts:
            for part in parts:
                rows += part
                weight += weight_of(part)
                if weight >= most and len(rows) > 1:
                    return rows, True
        return rows, False

    def _parts(self, query: Query, most: int) -> Generator[Sequence[Row]]:
        with told(self.dialect):
            yield from self.dialect.stream(self.connection, query.words, query.values, most)


@contextmanager
def session(database: Database) -> Iterator[Session]:
    """Open a session that cannot write.

    Raises:
        SourceAway: the server cannot be reached now.
        SourceRefused: it does not let us in.
    """
    dialect = database.dialect
    with told(dialect):
        connection = dialect.connect(database.terms)
    try:
        yield Session(dialect, connection)
    finally:
        with suppress(OSError, *dialect.faults.drivers):
            connection.close()  # the snapshot ends; there is nothing to commit


def insert(database: Database, query: Query) -> bool:
    """Write one row into a table that is meant for us; return whether it is a new one.

    Raises:
        SourceAway, SourceRefused
    """
    dialect = database.dialect
    try:
        connection = dialect.connect(replace(database.terms, writes=True))
        try:
            connection.cursor().execute(query.words, query.values)
            connection.commit()
        finally:
            with suppress(OSError, *dialect.faults.drivers):
                connection.close()
    except dialect.faults.drivers as fault:
        if dialect.faults.name(fault)[0] != "REPEATED":
            raise translated(dialect, fault) from None
        return False
    except OSError as fault:
        raise unreachable(fault) from None
    return True


@contextmanager
def told(dialect: Dialect) -> Iterator[None]:
    """Turn the faults of a driver into ours.

    Theirs are not even kept as the cause: databases quote the value they stumbled over.
    """
    try:
        yield
    except dialect.faults.drivers as fault:
        raise translated(dialect, fault) from None
    except OSError as fault:
        raise unreachable(fault) from None


def translated(dialect: Dialect, fault: Exception) -> SourceAway | SourceRefused:
    """Return our exception for a fault of the driver."""
    name, code = dialect.faults.name(fault)
    if name == "AWAY":
        return SourceAway(f"the database does not answer now ({code})")
    if name not in WORDS:
        name = "QUERY_FAILED"
    return SourceRefused(name, f"{WORDS[name]} ({code})")


def unreachable(fault: OSError) -> SourceAway:
    """Return our exception for a connection that the system could not make or keep."""
    return SourceAway(f"the database cannot be reached ({type(fault).__name__})")
