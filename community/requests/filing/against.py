"""About whom somebody complains, if about anybody: that person or unit never sees the case."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.policy import Actor
from community.requests.dispatch.choosing import department_named
from community.requests.steps_taken import filed


@dataclass(frozen=True, slots=True)
class Against:
    """The person or the unit complained about."""

    account_id: UUID | None = None
    department_code: str | None = None


NOBODY = Against()


def against(actor: Actor, about: dict[str, Any] | None) -> Against:
    """Return who is complained about: a department, or whoever handled an earlier request.

    Raises:
        UnitUnknown: there is no such department.
        NotFound, NotYours: the earlier request is not the caller's.
    """
    if not about:
        return NOBODY
    if about.get("department"):
        department_named(about["department"])
        return Against(department_code=about["department"])
    return Against(account_id=filed(actor, about["request"]).claimed_by)
