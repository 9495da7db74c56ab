"""What a reading held, summed up, and whether that proves anything of what it did not hold."""

from dataclasses import dataclass, field

from app.sync.connectors.protocol import Offer
from app.sync.inward.drift import COMPLETENESS, Oddity
from app.sync.inward.prepared import Prepared

MOST_EXCUSED = 100_000
"""So many keys of rows that were put aside are remembered; with more, any record may be there."""


KEYS_LOST = "keys that were lost"


class Unproven(Exception):
    """What is missing from a reading may be there all the same: nothing is deleted.

    ``passing``: the same content, read again, may prove it.
    """

    def __init__(self, why: str, count: int) -> None:
        super().__init__(why, count)
        self.passing = why == KEYS_LOST
        self.oddity = Oddity(COMPLETENESS, why, {"count": count})


@dataclass(slots=True)
class Reckoning:
    """What a reading held, summed up; only one from the start says anything of the whole.

    ``kept``: how many of its keys were kept in ``sync_seen``.
    """

    from_start: bool
    rows: int = 0
    records: int = 0
    content: int = 0
    keyless: int = 0
    excused: set[str] = field(default_factory=set)
    last_batch: int = 0
    equal: bool = False
    kept: int = 0

    def add(self, page: Prepared) -> None:
        """Add a page that was committed."""
        self.rows += page.rows
        self.last_batch = max(self.last_batch, page.batch)
        alive = len(page.records) - int(page.records.gone.sum())
        self.records += alive
        self.content += page.content if alive == len(page.records) else -1
        self.keyless += sum(not each.sid for each in page.rejects)
        if len(self.excused) < MOST_EXCUSED:
            self.excused.update(each.sid for each in page.rejects if each.sid)


def doubt_of(offer: Offer, reading: Reckoning) -> tuple[str, int] | None:
    """Return why the absence of a record from a reading proves nothing, with a number, or None."""
    if offer.rows is not None and reading.rows != offer.rows:
        return "rows", reading.rows
    if reading.keyless:
        return "rows without a key", reading.keyless
    if len(reading.excused) >= MOST_EXCUSED:
        return "rows put aside", len(reading.excused)
    return None
