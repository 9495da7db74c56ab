"""What large pages add to the buckets, kept in one row a stream until somebody adds it to them.

A page of a first load moves every bucket, and 4,096 rows rewritten are a fifth of what it costs the
server. So a page that moves most of them leaves its sums in a row of its own, in which the next
page of the same reading has its own, too. Whoever asks for the books sees both (``BOOKED``); the
end of a reading, or the next one, adds the row to the buckets and takes it away.

All of this happens under the lock of a page.
"""

import numpy as np
import pyarrow as pa

from app.database import read, write
from app.database.bulk import copy_in
from app.sync.inward.booked import TALLIED
from app.sync.inward.buckets import BUCKETS, Sums
from app.sync.inward.points import reached
from app.sync.inward.tuples import WHOLE, laid, list_of

MOST = BUCKETS // 2
"""A page that moves so many buckets is large."""

COLUMNS = ("source", "stream", "batch", "n", "versions", "content")
TAKE_BACK = """
DELETE FROM sync_tally WHERE source = %(source)s AND stream = %(stream)s AND batch = %(batch)s
RETURNING batch
"""
THERE = "SELECT FROM sync_tally WHERE source = %(source)s AND stream = %(stream)s"
# The first part takes the row away, and what the others read of it is as it was before.
SETTLE = f"""
WITH taken AS (DELETE FROM sync_tally WHERE source = %(source)s AND stream = %(stream)s)
INSERT INTO sync_bucket AS b (source, stream, bucket, n, versions, content)
SELECT source, stream, bucket, n, versions, content FROM ({TALLIED}) t
WHERE source = %(source)s AND stream = %(stream)s AND (n <> 0 OR versions <> 0 OR content <> 0)
ON CONFLICT (source, stream, bucket) DO UPDATE SET n = b.n + excluded.n,
  versions = b.versions + excluded.versions, content = b.content + excluded.content
"""


class Tally:
    """What the large pages of one reading have added since its row was begun."""

    def __init__(self, source: str, stream: str) -> None:
        self._names = {"source": source, "stream": stream}
        self._batch = 0
        self._sums = Sums()

    def add(self, sums: Sums, batch: int) -> None:
        """Add what a page moved to the books, in its transaction.

        The row says which page was added last. Where it is not the last of ours, it is not ours,
        or was settled, or our last page was not committed: we begin one anew.
        """
        if sums.moved() < MOST:
            sums.store(**self._names)
            return
        if not write(TAKE_BACK, {**self._names, "batch": self._batch}):
            settle(**self._names)
            self._sums = Sums()
        self._sums.join(sums)
        self._batch = batch
        _keep(self._names, batch, self._sums)
        reached("tallied")


def settle(source: str, stream: str) -> None:
    """Add what is tallied of a stream to its buckets, in a transaction that has the lock."""
    names = {"source": source, "stream": stream}
    if read(THERE, names):
        write(SETTLE, names)


def _keep(names: dict[str, str], batch: int, sums: Sums) -> None:
    known = [pa.array([names[each]]) for each in ("source", "stream")]
    lists = [pa.array([list_of(each)]) for each in (sums.n, sums.versions, sums.content)]
    copy_in("sync_tally", COLUMNS, [laid([*known, np.array([batch], WHOLE), *lists])])


__all__ = ["Tally", "settle"]
