"""A source in memory that counts what it has, and misbehaves as a test tells it to."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import pyarrow as pa

from app.sync.connectors.protocol import Cursor, Offer, Page, Rows, SourceAway, SourceRefused

Row = dict[str, object]
FIRST_DAY = date(2090, 1, 1)


@dataclass
class Counting:
    """Streams of records by key; whatever it says of them follows the protocol word by word.

    ``meanwhile`` are called one by one, each time that it is asked something: the source moves.
    ``lies`` are said in place of the truth, ``silent`` are buckets whose keys it does not list,
    and ``listed`` are listed in any case.
    """

    streams: dict[str, dict[str, Row]] = field(default_factory=dict)
    source: str = "try-out"
    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    lies: dict[int, tuple[int, int]] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)
    listed: Sequence[tuple[str, int]] = ()
    refuses: dict[str, str] = field(default_factory=dict)
    away: str = ""
    asked: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def put(self, stream: str, *rows: Row) -> None:
        """Have records, in the place of older ones."""
        self.streams.setdefault(stream, {}).update({str(row["sid"]): row for row in rows})

    def drop(self, stream: str, *sids: str) -> None:
        """Have some no more."""
        for sid in sids:
            del self.streams[stream][sid]

    def check(self) -> Sequence[str]:
        return []

    def offers(self) -> Sequence[Offer]:
        return [Offer(stream, rows=len(rows)) for stream, rows in self.streams.items()]

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        yield from pages_of(list(self.streams[stream].values()), size)

    def acknowledge(self, stream: str, cursor: Cursor) -> None:
        """Take no notice."""

    def digest(self, stream: str) -> Mapping[int, tuple[int, int]]:
        self._asked("digest", stream)
        found: dict[int, tuple[int, int]] = {}
        for sid, row in self.streams[stream].items():
            n, total = found.get(bucket_of(sid), (0, 0))
            found[bucket_of(sid)] = (n + 1, total + mark_of(sid, row["ver"]))
        return found | self.lies

    def keys(self, stream: str, buckets: Collection[int]) -> Iterator[Sequence[tuple[str, int]]]:
        self._asked("keys", stream)
        wanted = set(buckets) - self.silent
        found = [*self.listed] + [
            (sid, int(str(row["ver"])))
            for sid, row in self.streams[stream].items()
            if bucket_of(sid) in wanted
        ]
        for first in range(0, len(found), 2000):
            yield found[first : first + 2000]

    def fetch(self, stream: str, sids: Sequence[str]) -> Iterator[Page]:
        self._asked("fetch", stream)
        self.fetched += sids
        rows = self.streams[stream]
        yield from pages_of([rows[sid] for sid in sids if sid in rows], 500)

    def _asked(self, what: str, stream: str) -> None:
        self.asked.append(what)
        if self.meanwhile:
            self.meanwhile.pop(0)()
        if what == self.away:
            raise SourceAway("the line is dead")
        if stream in self.refuses:
            raise SourceRefused(self.refuses[stream], "as the test wants it")


class Reading(Counting):
    """The same source, that cannot count but hands over all that it has."""

    digest = keys = fetch = None  # type: ignore[assignment]

    def offers(self) -> Sequence[Offer]:
        return [Offer(stream, len(rows), complete=True) for stream, rows in self.streams.items()]


def pages_of(rows: Sequence[Row], size: int) -> Iterator[Page]:
    for first in range(0, len(rows), size):
        some = rows[first : first + size]
        yield Page(partial(table_of, some), {"at": first + len(some)})


def table_of(rows: Sequence[Row]) -> Rows:
    names = sorted({name for row in rows for name in row})
    texts = [
        {name: None if (v := row.get(name)) is None else str(v) for name in names} for row in rows
    ]
    return Rows(pa.table({name: pa.array([t[name] for t in texts], pa.string()) for name in names}))


def bucket_of(sid: str) -> int:
    return int(hashlib.md5(sid.encode()).hexdigest()[:3], 16)


def mark_of(sid: str, ver: object) -> int:
    return int(hashlib.md5(f"{sid}:{ver}".encode()).hexdigest()[:15], 16)


def day(serial: int, **changes: object) -> Row:
    """Return a day of the calendar, long after all others: a record that waits for nothing."""
    at = FIRST_DAY + timedelta(days=serial)
    return {"sid": f"TRY-D{serial}", "ver": 1, "date": at, "kind": "rest", "name": "试行"} | changes


def days(count: int, first: int = 1) -> list[Row]:
    return [day(serial) for serial in range(first, first + count)]
