"""What lives in the mirror, counted in 4,096 additive buckets: see ``SyncBucket``.

A merge adds what came and takes away what it replaced, so both sides can be compared at any time
without reading either; sums do not depend on the order of merges.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.database import read, write
from app.sync.inward.booked import BOOKED, LIMB
from app.sync.inward.digits import first_digits

Column = Any
"""A pyarrow array (pyarrow brings no types), or a sequence of its values."""

BUCKETS = 4096

DELTAS = """
unnest(%(bucket)s::int[], %(n)s::bigint[], %(versions)s::numeric[], %(content)s::numeric[])
  AS d(bucket, n, versions, content)
"""
ADD = f"""
WITH added AS (
  UPDATE sync_bucket b SET n = b.n + d.n, versions = b.versions + d.versions,
    content = b.content + d.content
  FROM {DELTAS}
  WHERE b.source = %(source)s AND b.stream = %(stream)s AND b.bucket = d.bucket
  RETURNING 1
) SELECT count(*) AS n FROM added
"""
OPEN = f"""
INSERT INTO sync_bucket (source, stream, bucket, n, versions, content)
SELECT %(source)s, %(stream)s, d.bucket, d.n, d.versions, d.content FROM {DELTAS}
ON CONFLICT DO NOTHING
"""

BUCKET_SQL = "('x' || substr(md5(sid), 1, 3))::bit(12)::int"
VERSION_SQL = "('x' || substr(md5(sid || ':' || ver), 1, 15))::bit(60)::bigint"


class Sums:
    """Sums by bucket that many records add to, or are taken from."""

    def __init__(self) -> None:
        self.n = np.zeros(BUCKETS, dtype=np.int64)
        self.versions = np.zeros((2, BUCKETS), dtype=np.int64)
        self.content = np.zeros((5, BUCKETS), dtype=np.int64)

    def add(self, sids: Column, vers: Column, hashes: bytes, sign: int = 1) -> None:
        """Add (or take away) records: their keys, versions, and 16 bytes of hash each.

        Keys and versions are pyarrow's columns, or sequences that can be made into such.

        Limbs of 30 bits are summed as floats, which are exact below 2^53: up to 8 million records
        at a time.
        """
        if not len(sids):
            return
        keys = pa.array(sids, pa.string())
        written = pa.array(vers, pa.int64()).cast(pa.string())
        bucket = first_digits(keys) >> np.uint64(48)
        version = first_digits(pc.binary_join_element_wise(keys, written, ":"))
        where = bucket.astype(np.int64)
        self.n += sign * np.bincount(where, minlength=BUCKETS)
        for place, limb in enumerate(_limbs(version, 2)):
            self.versions[place] += sign * _summed(where, limb)
        square = np.frombuffer(hashes, dtype=">u8").reshape(-1, 2).astype(np.uint64)
        low, high = square[:, 1], square[:, 0]
        parts = [*_limbs(low, 2), *_limbs((low >> np.uint64(60)) | (high << np.uint64(4)), 2)]
        parts.append(high >> np.uint64(56))
        for place, limb in enumerate(parts):
            self.content[place] += sign * _summed(where, limb)

    def store(self, source: str, stream: str) -> None:
        """Add all to the books, in the transaction of the merge."""
        moved = np.flatnonzero(self._touched())
        if not len(moved):
            return
        deltas: dict[str, Any] = {
            "source": source,
            "stream": stream,
            "bucket": _array(moved),
            "n": _array(self.n[moved]),
            "versions": _array(_wholes(self.versions[:, moved])),
            "content": _array(_wholes(self.content[:, moved])),
        }
        ((added,),) = write(ADD, deltas)
        if added < len(moved):  # those that are there have been added to
            write(OPEN, deltas)

    def join(self, others: "Sums") -> None:
        """Add other sums to these."""
        self.n += others.n
        self.versions += others.versions
        self.content += others.content

    def moved(self) -> int:
        """Return of how many buckets anything changes."""
        return int(np.count_nonzero(self._touched()))

    def _touched(self) -> Any:
        return self.n.astype(bool) | self.versions.any(0) | self.content.any(0)

    def total(self) -> tuple[int, int]:
        """Return how many there are, and the sum of their hashes."""
        return int(self.n.sum()), _whole(self.content.sum(axis=1))


def totals(source: str, stream: str) -> tuple[int, int]:
    """Return how many records live here by the books, and the sum of their hashes."""
    ((n, content),) = read(
        "SELECT coalesce(sum(n), 0)::bigint AS n, coalesce(sum(content), 0) AS content"
        f" FROM ({BOOKED}) booked",
        {"source": source, "stream": stream},
    )
    return n, int(content)


def content_sum(hashes: bytes) -> int:
    """Return the sum of 16 byte hashes, each read as a number."""
    square = np.frombuffer(hashes, dtype=">u4").reshape(-1, 4).astype(np.uint64).sum(axis=0)
    return sum(int(part) << (32 * (3 - place)) for place, part in enumerate(square))


def _limbs(numbers: Any, count: int) -> list[Any]:
    mask = np.uint64((1 << LIMB) - 1)
    return [(numbers >> np.uint64(LIMB * place)) & mask for place in range(count)]


def _summed(where: Any, limb: Any) -> Any:
    return np.bincount(where, weights=limb.astype(np.float64), minlength=BUCKETS).astype(np.int64)


def _wholes(limbs: Any) -> Any:
    """Return the numbers that columns of limbs are."""
    total = limbs[0].astype(object)
    for place in range(1, len(limbs)):
        total = total + limbs[place].astype(object) * (1 << (LIMB * place))
    return total


def _array(numbers: Any) -> str:
    """Return numbers as PostgreSQL reads an array, which is faster than one parameter each."""
    return f"{{{','.join(map(str, numbers.tolist()))}}}"


def _whole(limbs: Any) -> int:
    return sum(int(limb) << (LIMB * place) for place, limb in enumerate(limbs.tolist()))
