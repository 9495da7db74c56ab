"""What the mirror must hold, said once more and without a database: plain Python, record by record.

Of each key the newest counts, by version, then deletion over content, then by hash. A complete
list ends what is not on it, unless that is doubtful or too much.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.sync import Stream
from app.sync.contract.columns import read_rows
from tests.exchange.crash.feed import ERASED, Item, Told, Visit, laid

FEW, SHARE = 50, 0.01
Order = tuple[int, bool, bytes]


@dataclass(slots=True)
class Known:
    """The newest that is known of a key; ``absent``: a complete list did not hold it."""

    ver: int
    gone: bool
    hash: bytes
    values: dict[str, str | None]
    absent: bool = False

    @property
    def order(self) -> Order:
        return self.ver, self.gone, self.hash

    @property
    def live(self) -> bool:
        return not self.gone and not self.absent


@dataclass
class Ledger:
    """The records of one stream, as they should be."""

    stream: Stream
    erased: set[str] = field(default_factory=set)
    known: dict[str, Known] = field(default_factory=dict)
    history: dict[str, list[Known]] = field(default_factory=dict)

    def take(self, items: Sequence[Item]) -> None:
        """Take rows in, in any order, any number of times."""
        if not items:
            return
        records = read_rows(self.stream, laid(items)).records
        names = [each.name for each in self.stream.fields]
        columns = [column.to_pylist() for column in records.values]
        for place, sid in enumerate(records.sid.to_pylist()):
            values = dict(zip(names, (column[place] for column in columns), strict=True))
            gone, digest = bool(records.gone[place]), records.hash_of(place)
            self._take(sid, Known(records.ver[place].as_py(), gone, digest, values))

    def _take(self, sid: str, new: Known) -> None:
        if sid in self.erased:
            return
        if not new.gone and self._holder(new, sid) not in (None, sid):
            return
        old = self.known.get(sid)
        revived = old is not None and old.absent and not new.gone and new.order >= old.order
        if old is None or new.order > old.order or revived:
            self.known[sid] = new
        self.history.setdefault(sid, []).append(new)

    def _holder(self, new: Known, sid: str) -> str | None:
        """Return who has the code of a record, the newcomer aside."""
        unique = self.stream.unique
        if unique is None:
            return None
        holders = (k for k, each in self.known.items() if each.values[unique] == new.values[unique])
        return next((each for each in holders if each != sid), None)

    def settle(self, told: Told) -> None:
        """End what a complete list does not hold, if it proves anything and is not too much."""
        reading = read_rows(self.stream, laid(told.items))
        doubtful = any(not each.sid for each in reading.rejects)
        if doubtful or told.claimed not in (None, reading.rows):
            return
        there = {*reading.records.sid.to_pylist(), *(each.sid for each in reading.rejects)}
        live = {sid for sid, each in self.known.items() if each.live}
        missing = live - there
        if len(missing) <= max(FEW, SHARE * len(live)):
            for sid in missing:
                self.known[sid].absent = True

    def erase(self, sid: str) -> None:
        """Forget somebody, for good."""
        self.erased.add(sid)
        self.known.pop(sid, None)

    def rows(self) -> list[tuple[str, int, bool, bool]]:
        """Return key, version, whether it lives, and whether a list ended it; in order."""
        return [(sid, each.ver, each.live, each.absent) for sid, each in sorted(self.known.items())]


def ledgers(streams: Mapping[str, Stream], visits: Iterable[Visit]) -> dict[str, Ledger]:
    """Return what all visits to a source should have left."""
    found = {name: Ledger(stream) for name, stream in streams.items()}
    found["residents"].erase(ERASED)
    for visit in visits:
        for told in visit:
            found[told.stream].take(told.items)
            if told.complete:
                found[told.stream].settle(told)
    return found
