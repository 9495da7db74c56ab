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
from app.sync.inward.rows import Text, keys_text, rows_text


@dataclass(slots=True)
class Prepared:
    """A page of records, what is not a record, and the texts for COPY as far as they are made."""

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
    keys: Sequence[Text] | None = None
    full: Sequence[Text] | None = None
    sums: Sums | None = None

    def keys_text(self) -> Sequence[Text]:
        """Return the keys as text."""
        return self.keys if self.keys is not None else keys_text(self.records)

    def rows_text(self, stream: Stream) -> Sequence[Text]:
        """Return all rows as text, sealed."""
        if self.full is None:
            self.full = rows_text(stream, self.source, self.batch, self.records, None)
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
        page.rows_text(stream)
        page.sums = Sums()
        page.sums.add(records.sid, records.ver, records.hashes)
    else:
        page.keys = keys_text(records)
    return page


def _in_order(sid: Strings) -> tuple[bool, bool]:
    """Tell whether the keys ascend, in the order of their bytes, and whether each is there once."""
    before, after = sid.slice(0, max(0, len(sid) - 1)), sid.slice(1)
    if pc.all(pc.less(before, after), min_count=0).as_py():
        return True, True
    ordered = bool(pc.all(pc.less_equal(before, after), min_count=0).as_py())
    return ordered, pc.count_distinct(sid).as_py() == len(sid)
