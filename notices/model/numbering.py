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

MARK = """
INSERT INTO notice_mark (place, seq)
SELECT place, %(seq)s::bigint FROM unnest(%(marks)s::text[]) AS t(place)
ON CONFLICT (place) DO UPDATE SET seq = excluded.seq
"""


def next_number(notice_id: UUID, step: str, marks: list[str], now: Any) -> int:
    """Take the next number for a change of what is shown, and tell web processes.

    ``marks`` are the places under which a poll looks: see notices/audience/places.py.
    """
    write(TURN)
    seq: int = write(NUMBER, {"id": notice_id, "step": step, "now": now})[0].seq
    write(MARK, {"marks": marks, "seq": seq})
    write("SELECT pg_notify(%(channel)s, %(seq)s)", {"channel": CHANNEL, "seq": str(seq)})
    return seq
