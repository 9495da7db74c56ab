"""Who sees and decides which right, for one row and for many: the two stand side by side."""

from typing import Any, Protocol
from uuid import UUID

from app.policy import Actor, Role, Rows, Scope, roles_with

ASKERS = {Role.ADMINISTRATOR: Scope.ALL, Role.SECURITY_ADMINISTRATOR: Scope.ALL}
DECIDERS = {Role.SECURITY_ADMINISTRATOR: Scope.ALL}
COLLEAGUES = {
    Role.GRID_WORKER: Scope.SELF,
    Role.DESK_CLERK: Scope.SELF,
    Role.DEPARTMENT_HANDLER: Scope.SELF,
    Role.DISTRICT_STAFF: Scope.SELF,
    Role.SYNC_OPERATOR: Scope.SELF,
}
OVERSEERS = {**ASKERS, Role.AUDITOR: Scope.ALL}
READERS = {**COLLEAGUES, **OVERSEERS}
ENDERS = {**COLLEAGUES, **ASKERS}
SEE_ALL = roles_with(READERS, Scope.ALL)

POLICY: Rows = {
    ("staff.list_staff", "GET"): OVERSEERS,
    ("staff.ask_grant", "POST"): ASKERS,
    ("staff.ask_cover", "POST"): {**COLLEAGUES, **DECIDERS},
    ("staff.list_grants", "GET"): READERS,
    ("staff.show_grant", "GET"): READERS,
    ("staff.approve_grant", "POST"): DECIDERS,
    ("staff.refuse_grant", "POST"): ENDERS,
    ("staff.revoke_grant", "POST"): ENDERS,
    ("staff.disable_account", "POST"): {Role.ADMINISTRATOR: Scope.ALL},
    ("staff.enable_account", "POST"): {Role.ADMINISTRATOR: Scope.ALL},
    ("staff.remove_authenticator", "POST"): DECIDERS,
}


class Seen(Protocol):
    """What of an added right decides who sees it."""

    account_id: UUID
    asked_by: UUID
    covered_account_id: UUID | None


SEEN_BY = """
(%(all)s OR g.account_id = %(me)s OR g.asked_by = %(me)s OR g.covered_account_id = %(me)s)
"""


def seen_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``SEEN_BY``: the same rule for many rows."""
    return {"me": actor.account_id, "all": sees_all(actor)}


def may_see(actor: Actor, row: Seen) -> bool:
    """Tell whether a right is in the actor's sight."""
    mine = (row.account_id, row.asked_by, row.covered_account_id)
    return sees_all(actor) or actor.account_id in mine


def sees_all(actor: Actor) -> bool:
    """Tell whether the actor is one of the three administrators, in their own right."""
    return any(grant.role in SEE_ALL for grant in actor.grants)
