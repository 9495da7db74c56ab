"""The connector of a front-end database."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import orjson

from app.sync.connectors.frontend import checking, counting, reading
from app.sync.connectors.frontend.dialect import Query
from app.sync.connectors.frontend.session import insert
from app.sync.connectors.frontend.settings import Database, StreamTable
from app.sync.connectors.protocol import Cursor, Offer, Page, SourceRefused


class FrontEnd:
    """Tables of the district, one a stream, that are read and never written to.

    A row arrives when it is older than ``late_commit`` by the clock of their server: only then
    can no transaction that began before it still be on its way. What is younger comes the next
    time. The first reading takes the young rows as well, and reads them once more later.
    """

    def __init__(self, source: str, database: Database, streams: Mapping[str, StreamTable]) -> None:
        self.source = source
        self._database = database
        self._streams = streams

    def check(self) -> Sequence[str]:
        """Return what is wrong with the database and its settings, in sentences."""
        return list(checking.check(self._database, self._streams))

    def offers(self) -> Sequence[Offer]:
        """Return the streams, in the order of the settings; nothing is counted for it."""
        return [
            Offer(name, complete=table.complete, told=table.ack_table is not None)
            for name, table in self._streams.items()
        ]

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        """Yield the pages after ``cursor``, of at most ``size`` rows, each from its own session.

        Raises:
            SourceRefused: ``NO_SUCH_COLUMN``, ``NO_SUCH_TABLE``, ``NO_ACCESS``, ``BAD_BYTES`` and
                ``QUERY_FAILED`` come from the database; ``CURSOR_BACKWARDS``: its clock or its
                numbers went back; ``CURSOR_FOREIGN``: the settings changed since the last page;
                ``CURSOR_STUCK``, ``CHANGED_NOT_A_TIME``, ``CHANGED_NOT_A_NUMBER``,
                ``KEY_NOT_A_TEXT``: the columns cannot be read in order.
            SourceAway: no connection, or no answer in time.
        """
        return reading.pages(self._database, self._table(stream), cursor, size)

    def acknowledge(self, stream: str, cursor: Cursor) -> None:
        """Write a row of our own (stream, place) into ``ack_table``, if there is one.

        Raises:
            SourceRefused, SourceAway
        """
        table = self._table(stream).ack_table
        if table is None:
            return
        dialect = self._database.dialect
        query = Query(dialect)
        place = orjson.dumps(dict(cursor), option=orjson.OPT_SORT_KEYS).decode()
        query.words = (  # the columns unquoted: each database has its own case for plain names
            f"INSERT INTO {dialect.quoted(*table)} (stream, place)"
            f" VALUES ({query.value(stream)}, {query.value(place)})"
        )
        insert(self._database, query)

    def digest(self, stream: str) -> Mapping[int, tuple[int, int]]:
        """Return for each bucket that is not empty how many records live in it, and their sum."""
        return counting.digest(self._database, self._table(stream))

    def keys(self, stream: str, buckets: Collection[int]) -> Iterator[Sequence[tuple[str, int]]]:
        """Yield (sid, ver) of the live records of these buckets, some thousand at a time."""
        return counting.keys(self._database, self._table(stream), buckets)

    def fetch(self, stream: str, sids: Sequence[str]) -> Iterator[Page]:
        """Yield the records of these keys anew; those that are gone are left out."""
        return counting.fetch(self._database, self._table(stream), sids)

    def _table(self, stream: str) -> StreamTable:
        if stream not in self._streams:
            raise SourceRefused("NO_SUCH_STREAM", f"there are no settings for {stream}")
        return self._streams[stream]
