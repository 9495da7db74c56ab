"""Who sees and signs which guardianship, for one row and for many: the two stand side by side."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from app.policy import Actor, Role, Rows, Scope, roles_with

OWN = {Role.RESIDENT: Scope.SELF}
PARTIES = {Role.RESIDENT: Scope.HOUSEHOLD}
DESK = {
    Role.DESK_CLERK: Scope.AREA,
    Role.GRID_WORKER: Scope.AREA,
    Role.DISTRICT_STAFF: Scope.AREA,
}
SIGN_AREA = roles_with(DESK, Scope.AREA)

POLICY: Rows = {
    ("family.show_home", "GET"): OWN,
    ("family.list_household", "GET"): PARTIES,
    ("family.share", "POST"): OWN,
    ("family.stop_sharing", "DELETE"): OWN,
    ("family.ask_guardianship", "POST"): OWN,
    ("family.list_guardianships", "GET"): PARTIES,
    ("family.show_guardianship", "GET"): {**PARTIES, **DESK},
    ("family.confirm_at_desk", "POST"): DESK,
    ("family.refuse_at_desk", "POST"): DESK,
    ("family.end_guardianship", "POST"): {**PARTIES, **DESK},
    ("family.consent_for_child", "POST"): PARTIES,
    ("family.withdraw_for_child", "DELETE"): PARTIES,
}


class Seen(Protocol):
    """What of a guardianship decides who sees it."""

    guardian_resident_id: UUID
    ward_resident_id: UUID
    home_path: Sequence[str] | None


SEEN_BY = """
(p.guardian_resident_id = %(my_resident)s OR p.ward_resident_id = %(my_resident)s
 OR ar.path && %(my_desks)s::text[])
"""


def seen_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``SEEN_BY``: the same rule for many rows."""
    return {"my_resident": actor.resident_id, "my_desks": list(actor.areas_as(*SIGN_AREA))}


def may_see(actor: Actor, row: Seen) -> bool:
    """Tell whether a guardianship is in the actor's sight."""
    mine = (row.guardian_resident_id, row.ward_resident_id)
    return (actor.resident_id is not None and actor.resident_id in mine) or may_sign(actor, row)


def may_sign(actor: Actor, row: Seen) -> bool:
    """Tell whether the actor's desk has the ward's home in its area."""
    return not set(row.home_path or ()).isdisjoint(actor.areas_as(*SIGN_AREA))
