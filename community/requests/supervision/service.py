"""What stands on the ladder, for those who must answer for it."""

from typing import Any

from app.database import FIRST_ID, Cursor, Page, read
from app.policy import Actor
from community.requests.models import OPEN_STATES
from community.requests.policy import SEEN_BY, seen_by
from community.requests.queries import COLUMNS

SUPERVISED = f"""
SELECT {COLUMNS} FROM service_request r
WHERE r.{OPEN_STATES} AND r.rung >= %(rung)s AND r.rung > 0 AND {SEEN_BY}
  AND (r.deadline_at, r.id) > (%(deadline)s::timestamptz, %(after)s::uuid)
ORDER BY r.deadline_at, r.id LIMIT %(limit)s
"""  # noqa: S608  constants of ours


def supervised(actor: Actor, rung: int, cursor: str | None, limit: int) -> Page[Any]:
    """Return the open cases in sight that climbed to ``rung`` or higher, the oldest first."""
    after = Cursor.read("supervised", cursor, [str, str]) or ["-infinity", FIRST_ID]
    about = {**seen_by(actor), "rung": rung, "deadline": after[0], "after": after[1]}
    rows = read(SUPERVISED, about | {"limit": limit + 1})
    key = lambda row: [row.deadline_at.isoformat(), str(row.id)]  # noqa: E731
    return Cursor.page("supervised", rows, limit, key)
