"""What stands on the ladder, for those who must answer for it."""

from typing import Any

from app.database import Page
from app.policy import Actor
from community.requests.models import OPEN_STATES
from community.requests.policy import SEEN_BY, seen_by
from community.requests.queries import COLUMNS
from community.requests.urgent import urgent_first

SUPERVISED = f"""
SELECT {COLUMNS} FROM service_request r
WHERE r.{OPEN_STATES} AND r.rung >= %(rung)s AND r.rung > 0 AND {SEEN_BY}
  AND (r.deadline_at, r.id) > (%(due)s::timestamptz, %(after)s::uuid)
ORDER BY r.deadline_at, r.id LIMIT %(limit)s
"""  # noqa: S608  constants of ours


def supervised(actor: Actor, rung: int, cursor: str | None, limit: int) -> Page[Any]:
    """Return the open cases in sight that climbed to ``rung`` or higher, the oldest first."""
    about = {**seen_by(actor), "rung": rung}
    return urgent_first("supervised", SUPERVISED, about, cursor, limit, by=("deadline_at", "id"))
