"""Numbers in commit order: one for each change that readers notice, given under a lock.

Or a lower number could be committed after a higher one: a reader who has put aside everything up
to the higher would never be shown the lower. Publishing is rare, so taking turns costs nothing.
"""

from typing import Any
from uuid import UUID

from app.database import write

CHANNEL = "linli_notices"

TURN = "SELECT pg_advisory_xact_lock(hashtextextended('notice publish_seq', 0))"

NUMBER = """
INSERT INTO notice_change (seq, notice_id, step, at)
SELECT coalesce(max(seq), 0) + 1, %(id)s, %(step)s, %(now)s FROM notice_change RETURNING seq
"""

# What is addressed to few is marked by handfuls: a poll that looks in vain costs little.
MARK = """
INSERT INTO notice_mark (place, seq)
SELECT DISTINCT {bucket}, %(seq)s::bigint FROM unnest(%(places)s::text[]) AS t(place)
ORDER BY 1 ON CONFLICT (place) DO UPDATE SET seq = excluded.seq
"""
BUCKETS = 4096
BUCKET = (
    "CASE WHEN place ~ '^(address|household|person):'"
    " THEN 'few:' || (hashtextextended(place, 0) & 4095) ELSE place END"
)


def next_number(notice_id: UUID, step: str, places: list[str], now: Any) -> int:
    """Take the next number for a change of what ``places`` are shown, and tell web processes."""
    write(TURN)
    seq: int = write(NUMBER, {"id": notice_id, "step": step, "now": now})[0].seq
    write(MARK.format(bucket=BUCKET), {"places": places, "seq": seq})
    write("SELECT pg_notify(%(channel)s, %(seq)s)", {"channel": CHANNEL, "seq": str(seq)})
    return seq
