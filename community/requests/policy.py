"""Who may do what with requests, for one row and for many: the two stand side by side."""

from typing import Any, Protocol
from uuid import UUID

from app.policy import Actor, Role, Rows, Scope, roles_with

READERS = {
    Role.RESIDENT: Scope.SELF,
    Role.GRID_WORKER: Scope.AREA,
    Role.DESK_CLERK: Scope.AREA,
    Role.DISTRICT_STAFF: Scope.AREA,
    Role.DEPARTMENT_HANDLER: Scope.DEPARTMENT,
}
HANDLERS = {Role.GRID_WORKER: Scope.AREA, Role.DEPARTMENT_HANDLER: Scope.DEPARTMENT}
CLAIMANTS = {Role.GRID_WORKER: Scope.ASSIGNED, Role.DEPARTMENT_HANDLER: Scope.ASSIGNED}
FILERS = {Role.RESIDENT: Scope.SELF}

# The rows above are the source: whose area or department counts follows from their scopes.
SEE_AREA = roles_with(READERS, Scope.AREA)
SEE_DEPARTMENT = roles_with(READERS, Scope.DEPARTMENT)
WORK_AREA = roles_with(HANDLERS, Scope.AREA)
WORK_DEPARTMENT = roles_with(HANDLERS, Scope.DEPARTMENT)

POLICY: Rows = {
    ("requests.file_request", "POST"): FILERS,
    ("requests.list_near", "GET"): {Role.RESIDENT: Scope.ALL},  # the public view
    ("requests.list_mine", "GET"): FILERS,
    ("requests.list_work", "GET"): HANDLERS,
    ("requests.show_request", "GET"): READERS,
    ("requests.claim_request", "POST"): HANDLERS,
    ("requests.release_request", "POST"): CLAIMANTS,
    ("requests.settle_request", "POST"): CLAIMANTS,
    ("requests.rate_request", "POST"): FILERS,
    ("requests.withdraw_request", "POST"): FILERS,
}


class Seen(Protocol):
    """What of a request decides who sees it."""

    account_id: UUID
    department_code: str
    grid_path: list[str]


SEEN_BY = """
(r.account_id = %(me)s OR r.department_code = ANY(%(my_departments)s)
 OR r.grid_code IN (SELECT a.code FROM area a WHERE a.path && %(my_areas)s::text[]))
"""

WORKED_BY = """
(r.handled_by = 'department' AND r.department_code = ANY(%(my_desks)s)
 OR r.handled_by = 'grid'
    AND r.grid_code IN (SELECT a.code FROM area a WHERE a.path && %(my_grids)s::text[]))
"""


def seen_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``SEEN_BY`` and ``WORKED_BY``: the same rule for many rows."""
    return {
        "me": actor.account_id,
        "my_departments": list(actor.departments_as(*SEE_DEPARTMENT)),
        "my_areas": list(actor.areas_as(*SEE_AREA)),
        "my_desks": list(actor.departments_as(*WORK_DEPARTMENT)),
        "my_grids": list(actor.areas_as(*WORK_AREA)),
    }


def may_see(actor: Actor, row: Seen) -> bool:
    """Tell whether a request is in the actor's sight."""
    return (
        row.account_id == actor.account_id
        or row.department_code in actor.departments_as(*SEE_DEPARTMENT)
        or not set(row.grid_path).isdisjoint(actor.areas_as(*SEE_AREA))
    )


def may_work(actor: Actor, row: Any) -> bool:
    """Tell whether a request is the actor's to claim."""
    if row.handled_by == "department":
        return row.department_code in actor.departments_as(*WORK_DEPARTMENT)
    return not set(row.grid_path).isdisjoint(actor.areas_as(*WORK_AREA))
