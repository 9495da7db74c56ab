"""How many each channel reached, or left alone, in each area: counted by chunk, then added up."""

from collections.abc import Mapping
from uuid import UUID

from app.database import transaction, write
from notices.model.reaching import count, held_by

CHUNKS = 200

# Added up by the server: what comes back grows with the grids, and not with the chunks.
FOLDED = """
WITH was AS (
  UPDATE delivery_chunk k SET tally = NULL FROM (
    SELECT k.id, k.tally, c.notice_id FROM delivery_chunk k
    JOIN delivery_campaign c ON c.id = k.campaign_id
    WHERE k.tally IS NOT NULL AND k.due_at IS NULL
    ORDER BY k.id LIMIT %(chunks)s FOR UPDATE OF k SKIP LOCKED) was
  WHERE k.id = was.id RETURNING was.notice_id, k.channel, was.tally)
SELECT was.notice_id, was.channel, coalesce(t.name, '') AS name,
  coalesce(sum(t.n::int), 0)::int AS n
FROM was LEFT JOIN LATERAL jsonb_each_text(was.tally) AS t(name, n) ON true
GROUP BY was.notice_id, was.channel, t.name
"""

BETWEEN = " "  # no code of an area has one

NOWHERE = ""
"""The area of whoever is counted nowhere: they only work in the audience's areas."""


def count_reached(notice_id: UUID, channel: str, reached: Mapping[str, int]) -> None:
    """Add to whom a channel has reached, by grid; in the deed under way."""
    count(notice_id, channel, {grid: n for grid, n in sorted(reached.items()) if grid != NOWHERE})


def held_in(grid: str, reason: str) -> str:
    """Return the name in a tally of those of a grid who were left alone for a reason."""
    return f"{grid}{BETWEEN}{reason}"


def fold_tallies() -> int:
    """Add what finished chunks delivered to their notices' counts; return how many sums."""
    with transaction():
        rows = write(FOLDED, {"chunks": CHUNKS})
        sums: dict[tuple[UUID, str], dict[str, int]] = {}
        for row in rows:
            grid, _, reason = row.name.partition(BETWEEN)
            channel = held_by(row.channel, reason) if reason else row.channel
            sums.setdefault((row.notice_id, channel), {})[grid] = row.n
        for (notice, channel), reached in sorted(sums.items()):
            count_reached(notice, channel, reached)
    return len(rows)
