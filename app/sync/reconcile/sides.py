"""The two ways of looking at a source: it counts for us, or we read it through once more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from app.database import read
from app.sync.connectors.protocol import Connector, Countable, Offer, Page, SourceRefused
from app.sync.contract.stream import Stream
from app.sync.inward.absence import keep_seen
from app.sync.inward.booked import BOOKED
from app.sync.inward.buckets import BUCKETS, totals
from app.sync.inward.engine import PAGE_ROWS, Progress
from app.sync.inward.prepared import prepare
from app.sync.inward.progress import for_its_keys
from app.sync.inward.reckoning import Reckoning, doubt_of
from app.sync.inward.seen import Keys
from app.sync.reconcile.differences import Kept, compare, keep_keys, new_number, sums_of_keys
from app.sync.reconcile.look import Kind, Look

Counts = Mapping[int, tuple[int, int]]

ASKED_FOR = 1000
"""So many records are asked for by key at a time."""

OURS = f"SELECT bucket, n, versions FROM ({BOOKED}) booked WHERE n > 0"


class Side(Protocol):
    """A stream of a source, as it can be compared with the mirror."""

    def look(self, within: Look | None = None) -> Look:
        """Compare; ``within``: only where that look found anything.

        Raises:
            SourceRefused, SourceAway, ColumnsMissing
        """
        ...

    def anew(self, look: Look) -> Iterator[Page]:
        """Yield what must be read again so that what the look found is mended."""
        ...

    def proves_absence(self, look: Look) -> bool:
        """Tell whether what the look did not find is not there."""
        ...


@dataclass
class Counted:
    """A source that counts: 4,096 pairs of numbers, and keys only where those differ."""

    connector: Connector
    countable: Countable
    stream: Stream
    progress: Progress
    keys: Keys

    def look(self, within: Look | None = None) -> Look:
        """Compare the source's count with the books, and the keys of what differs."""
        counted = checked(self.countable.digest(self.stream.name))
        there = sum(n for n, _ in counted.values())
        ours = self._ours()
        buckets = {
            each
            for each in {*counted, *ours}
            if counted.get(each, (0, 0)) != ours.get(each, (0, 0))
        }
        if within is not None and within.buckets is not None:
            buckets &= within.buckets
        look = Look(new_number(), there, buckets=frozenset(buckets))
        self.progress(self.stream.name, there, there)
        if not buckets:
            return look
        kept = self._keep(look)
        look = replace(look, kept=kept.keys, respelled=kept.respelled, keyless=kept.keyless)
        sums = sums_of_keys(look.number, buckets)
        wrong = {each for each in buckets if sums.get(each, (0, 0)) != counted.get(each, (0, 0))}
        look = replace(look, contradicted=frozenset(wrong))
        return compare(self.connector.source, self.stream, look)

    def anew(self, look: Look) -> Iterator[Page]:
        """Yield the records that are missing or of another version, as they are now."""
        sids = look.told(Kind.MISSING, Kind.DIFFERING)
        for first in range(0, len(sids), ASKED_FOR):
            yield from self.countable.fetch(self.stream.name, sids[first : first + ASKED_FOR])

    def proves_absence(self, look: Look) -> bool:
        """Tell that it is not where a key is none to us: it may be that of whoever is missing.

        Buckets in which the source contradicts itself are left out anyway; but where keys are
        spelled otherwise there, what one of those hides may lie here in any other.
        """
        hidden = look.respelled and look.contradicted
        return look.buckets is not None and not look.keyless and not hidden

    def _keep(self, look: Look) -> Kept:
        self.keys.begin(look.number)
        kept = Kept()
        for keys in self.countable.keys(self.stream.name, sorted(look.buckets or ())):
            kept += keep_keys(look.number, kept.keys, keys)
            self.progress(for_its_keys(self.stream.name), kept.keys, None)
        return kept

    def _ours(self) -> dict[int, tuple[int, int]]:
        rows = read(OURS, {"source": self.connector.source, "stream": self.stream.name})
        return {row.bucket: (row.n, int(row.versions)) for row in rows}


@dataclass
class ReadThrough:
    """A source that hands everything over in one reading: it is read once more for its keys."""

    connector: Connector
    offer: Offer
    stream: Stream
    progress: Progress
    keys: Keys
    page_rows: int = PAGE_ROWS
    _reckoned: dict[int, Reckoning] = field(default_factory=dict)

    def look(self, within: Look | None = None) -> Look:
        """Sum the reading up, and keep its keys only where the sum is not that of the books."""
        reckoning = self._sum_up() if within is None else None
        number = new_number()
        ours = totals(self.connector.source, self.stream.name)
        if reckoning and (reckoning.records, reckoning.content) == ours:
            bad = len(reckoning.excused) + reckoning.keyless
            return Look(number, reckoning.records + bad, {Kind.QUARANTINED: bad} if bad else {})
        self.keys.begin(number)
        reckoning = keep_seen(self.connector, self.stream, number, self.page_rows, self._tell)
        self._reckoned[number] = reckoning
        there = reckoning.records + len(reckoning.excused) + reckoning.keyless
        excused = frozenset(reckoning.excused)
        look = Look(number, there, excused=excused, kept=reckoning.kept)
        return compare(self.connector.source, self.stream, look)

    def anew(self, look: Look) -> Iterator[Page]:
        """Yield the whole reading: nothing less can be asked for, and what is here costs little."""
        if look.sids(Kind.MISSING, Kind.DIFFERING):
            yield from self.connector.pages(self.stream.name, {}, self.page_rows)

    def proves_absence(self, look: Look) -> bool:
        """Tell whether the reading was complete, row by row."""
        reckoning = self._reckoned.get(look.number)
        return reckoning is not None and doubt_of(self.offer, reckoning) is None

    def _tell(self, rows: int) -> None:
        self.progress(for_its_keys(self.stream.name), rows, self.offer.rows)

    def _sum_up(self) -> Reckoning:
        reckoning = Reckoning(from_start=True)
        for page in self.connector.pages(self.stream.name, {}, self.page_rows):
            reckoning.add(prepare(self.stream, self.connector.source, 0, page.read, ahead=False))
            self.progress(self.stream.name, reckoning.rows, self.offer.rows)
        return reckoning


def side_of(
    connector: Connector, offer: Offer, stream: Stream, progress: Progress, keys: Keys
) -> Side:
    """Return how a stream can be compared; the source's are kept among ``keys``.

    Raises:
        SourceRefused: the source does not count, and no reading of it is known to be complete.
    """
    if isinstance(connector, Countable):
        return Counted(connector, connector, stream, progress, keys)
    if offer.complete:
        return ReadThrough(connector, offer, stream, progress, keys)
    raise SourceRefused("NOT_COUNTED", "the source neither counts nor sends all that it has")


def checked(digest: Mapping[Any, Any]) -> Counts:
    """Return a source's count, if it is one.

    Raises:
        SourceRefused: there is a bucket or a number in it that there cannot be.
    """
    for bucket, (n, versions) in digest.items():
        if not 0 <= bucket < BUCKETS or n < 0 or versions < 0:
            raise SourceRefused("DIGEST_MALFORMED", "a bucket of the count cannot be one")
    return {bucket: (int(n), int(versions)) for bucket, (n, versions) in digest.items() if n}
