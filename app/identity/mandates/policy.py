"""Who sees and signs which mandate, for one row and for many: the two stand side by side."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from app.policy import Actor, Role, Rows, Scope, roles_with

PARTIES = {Role.RESIDENT: Scope.MANDATE}
DESK = {
    Role.DESK_CLERK: Scope.AREA,
    Role.GRID_WORKER: Scope.AREA,
    Role.DISTRICT_STAFF: Scope.AREA,
}
READERS = {**PARTIES, **DESK}
SIGN_AREA = roles_with(DESK, Scope.AREA)

POLICY: Rows = {
    ("mandates.propose_mandate", "POST"): {Role.RESIDENT: Scope.SELF},
    ("mandates.list_mandates", "GET"): PARTIES,
    ("mandates.show_mandate", "GET"): READERS,
    ("mandates.confirm_mandate", "POST"): PARTIES,
    ("mandates.send_code", "POST"): PARTIES,
    ("mandates.confirm_by_code", "POST"): PARTIES,
    ("mandates.sign_at_desk", "POST"): DESK,
    ("mandates.refuse_mandate", "POST"): READERS,
    ("mandates.revoke_mandate", "POST"): READERS,
    ("mandates.finish_mandate", "POST"): PARTIES,
}


class Seen(Protocol):
    """What of a mandate decides who sees it."""

    agent_account_id: UUID
    principal_resident_id: UUID
    home_path: Sequence[str] | None


SEEN_BY = """
(m.agent_account_id = %(me)s OR m.principal_resident_id = %(my_resident)s
 OR ar.path && %(my_desks)s::text[])
"""


def seen_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``SEEN_BY``: the same rule for many rows."""
    return {
        "me": actor.account_id,
        "my_resident": actor.resident_id,
        "my_desks": list(actor.areas_as(*SIGN_AREA)),
    }


def may_see(actor: Actor, row: Seen) -> bool:
    """Tell whether a mandate is in the actor's sight: a party's, or a desk's over the principal."""
    return (
        row.agent_account_id == actor.account_id
        or row.principal_resident_id == actor.resident_id
        or may_sign(actor, row)
    )


def may_sign(actor: Actor, row: Seen) -> bool:
    """Tell whether the actor's desk has the principal's home in its area."""
    return not set(row.home_path or ()).isdisjoint(actor.areas_as(*SIGN_AREA))
