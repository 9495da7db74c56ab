"""About whom somebody complains, if about anybody: that person or unit never sees the case."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.database import read
from app.policy import Actor
from community.requests.dispatch.choosing import department_named
from community.requests.refusals import HandlerUnknown
from community.requests.steps_taken import filed


@dataclass(frozen=True, slots=True)
class Against:
    """The person or the unit complained about."""

    account_id: UUID | None = None
    department_code: str | None = None


NOBODY = Against()

# Also whoever gave it back since: that somebody complains may be why they did.
LAST_CLAIMED = """
SELECT account_id FROM request_event
WHERE request_id = %(id)s AND step = 'claim' ORDER BY id DESC LIMIT 1
"""


def against(actor: Actor, about: dict[str, Any] | None) -> Against:
    """Return who is complained about: a department, or whoever handled an earlier request.

    Raises:
        UnitUnknown: there is no such department.
        HandlerUnknown: nobody has claimed the earlier request.
        NotFound, NotYours: the earlier request is not the caller's.
    """
    if not about:
        return NOBODY
    if about.get("department"):
        department_named(about["department"])
        return Against(department_code=about["department"])
    return Against(account_id=_handler(filed(actor, about["request"])))


def _handler(row: Any) -> UUID:
    if row.claimed_by is None:
        found = read(LAST_CLAIMED, {"id": row.id})
        if not found:
            raise HandlerUnknown
        return UUID(str(found[0].account_id))
    return UUID(str(row.claimed_by))
