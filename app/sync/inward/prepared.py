"""A page made ready for its transaction: read by contract, hashed, and perhaps sealed ahead.

This is the work that needs no database, so it may be done in another process while the server is
busy with the page before. Sealing ahead is a guess (that most records of the page are new); the
merge judges by the keys alone and never trusts the guess.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from app.sync.connectors.protocol import Rows
from app.sync.contract.columns import read_rows
from app.sync.contract.records import Records, Reject, Strings
from app.sync.contract.stream import Stream
from app.sync.inward.buckets import Sums, content_sum
from app.sync.inward.rows import keys_laid, rows_laid
from app.sync.inward.tuples import Laid


@dataclass(slots=True)
class Prepared:
    """A page of records, what is not a record, and what COPY is given as far as it is made."""

    source: str
    batch: int
    rows: int
    records: Records
    rejects: Sequence[Reject]
    strange: Sequence[str]
    untold: Sequence[str]
    fixed: bool
    distinct: bool
    ordered: bool
    content: int
    keys: Sequence[Laid] | None = None
    full: Sequence[Laid] | None = None
    sums: Sums | None = None

    def keys_laid(self) -> Sequence[Laid]:
        """Return the keys as COPY takes them."""
        return self.keys if self.keys is not None else keys_laid(self.records)

    def rows_laid(self, stream: Stream) -> Sequence[Laid]:
        """Return all rows as COPY takes them, sealed."""
        if self.full is None:
            self.full = rows_laid(stream, self.source, self.batch, self.records, None)
        return self.full


def prepare(
    stream: Stream, source: str, batch: int, read: Callable[[], Rows], ahead: bool
) -> Prepared:
    """Read a page and make it ready; ``ahead``: seal all of it, most of it is news.

    Raises:
        SourceRefused: from the connector.
        ColumnsMissing: from the contract.
    """
    reading = read_rows(stream, read())
    records = reading.records
    ordered, distinct = _in_order(records.sid)
    page = Prepared(
        source=source,
        batch=batch,
        rows=reading.rows,
        records=records,
        rejects=reading.rejects,
        strange=reading.strange,
        untold=reading.untold,
        fixed=reading.fixed,
        distinct=distinct,
        ordered=ordered,
        content=content_sum(records.hashes),
    )
    if ahead:
        page.rows_laid(stream)
        page.sums = Sums()
        page.sums.add(records.sid, records.ver, records.hashes)
    else:
        page.keys = keys_laid(records)
    return page


def _in_order(sid: Strings) -> tuple[bool, bool]:
    """Tell whether the keys ascend, in the order of their bytes, and whether each is there once."""
    before, after = sid.slice(0, max(0, len(sid) - 1)), sid.slice(1)
    if pc.all(pc.less(before, after), min_count=0).as_py():
        return True, True
    ordered = bool(pc.all(pc.less_equal(before, after), min_count=0).as_py())
    return ordered, pc.count_distinct(sid).as_py() == len(sid)
