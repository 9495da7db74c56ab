"""Our own books first: what they say lives here, against the mirror counted by SQL.

One statement sees one snapshot, in which every page is whole or not there: mirror and books can
be compared while pages are committed, without a lock. Only what is wrong is counted once more
under the lock of the stream, and mended there.
"""

from collections.abc import Sequence

from app.database import read, write
from app.sync.contract.stream import Stream
from app.sync.inward.booked import BOOKED
from app.sync.inward.buckets import BUCKET_SQL, VERSION_SQL
from app.sync.inward.drift import BOOKS, note_drift
from app.sync.inward.page import LOCK
from app.sync.inward.tally import settle
from app.sync.inward.unhurried import unhurried

SHOWN = 5

_PART = "sum(('x' || encode(substring(hash FROM {at} FOR 4), 'hex'))::bit(32)::bigint) * {weight}"
_CONTENT = " + ".join(
    _PART.format(at=at, weight=2**power) for at, power in ((1, 96), (5, 64), (9, 32), (13, 0))
)
RECOUNT = f"""
SELECT {BUCKET_SQL} AS bucket, count(*) AS n, sum({VERSION_SQL}) AS versions, {_CONTENT} AS content
FROM {{mirror}} WHERE source = %(source)s AND deleted_at IS NULL{{within}} GROUP BY 1
"""
WITHIN = f" AND {BUCKET_SQL} = ANY(%(buckets)s::int[])"
WRONG = f"""
SELECT coalesce(c.bucket, k.bucket)::int AS bucket
FROM ({RECOUNT}) c FULL JOIN ({BOOKED}) k ON k.bucket = c.bucket
WHERE (coalesce(c.n, 0), coalesce(c.versions, 0), coalesce(c.content, 0))
  <> (coalesce(k.n, 0), coalesce(k.versions, 0), coalesce(k.content, 0))
ORDER BY 1
"""
EMPTIED = """
UPDATE sync_bucket SET n = 0, versions = 0, content = 0
WHERE source = %(source)s AND stream = %(stream)s AND bucket = ANY(%(buckets)s::int[])
"""
COUNTED = f"""
INSERT INTO sync_bucket AS b (source, stream, bucket, n, versions, content)
SELECT %(source)s, %(stream)s, c.bucket, c.n, c.versions, c.content FROM ({RECOUNT}) c
ON CONFLICT (source, stream, bucket) DO UPDATE
SET n = excluded.n, versions = excluded.versions, content = excluded.content
"""


def mend_books(source: str, stream: Stream) -> Sequence[int]:
    """Put the books of a stream right where the mirror says otherwise, and note that they were not.

    Returns the buckets that were wrong: none, unless something has written past the merge.
    """
    names = {"source": source, "stream": stream.name}
    mirror = stream.mirror.name
    with unhurried():
        wrong = [row.bucket for row in read(WRONG.format(mirror=mirror, within=""), names)]
    if not wrong:
        return wrong
    about = {**names, "buckets": wrong}
    with unhurried():
        write(LOCK)
        settle(**names)  # what is kept beside the buckets is wrong or right with them
        write(EMPTIED, about)
        write(COUNTED.format(mirror=mirror, within=WITHIN), about)
        note_drift(names, BOOKS, "", len(wrong), buckets=wrong[:SHOWN])
    return wrong
