"""Who may do what with requests, for one row and for many: the two stand side by side."""

from typing import Any, Protocol
from uuid import UUID

from app import clock
from app.identity.mandates import Power, represented_by
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
FOLLOWERS = {Role.RESIDENT: Scope.ALL}  # of what the public view shows

# The rows above are the source: whose area or department counts follows from their scopes.
SEE_AREA = roles_with(READERS, Scope.AREA)
SEE_DEPARTMENT = roles_with(READERS, Scope.DEPARTMENT)
WORK_AREA = roles_with(HANDLERS, Scope.AREA)
WORK_DEPARTMENT = roles_with(HANDLERS, Scope.DEPARTMENT)

STAFF = {Role.DISTRICT_STAFF: Scope.AREA}
DESK = {Role.DESK_CLERK: Scope.AREA, Role.DISTRICT_STAFF: Scope.AREA}
HANDLERS_AND_STAFF = CLAIMANTS | STAFF
UNITS_AND_STAFF = HANDLERS | STAFF

POLICY: Rows = {
    ("requests.file_request", "POST"): FILERS,
    ("requests.file_at_desk", "POST"): DESK,
    ("requests.file_from_hotline", "POST"): DESK,
    ("requests.list_mine", "GET"): FILERS,
    ("requests.list_work", "GET"): HANDLERS,
    ("requests.show_request", "GET"): READERS,
    ("requests.claim_request", "POST"): HANDLERS,
    ("requests.release_request", "POST"): CLAIMANTS,
    ("requests.settle_request", "POST"): CLAIMANTS,
    ("requests.rate_request", "POST"): FILERS,
    ("requests.withdraw_request", "POST"): FILERS,
    ("requests.sign_request", "POST"): HANDLERS,
    ("requests.contact_filer", "POST"): CLAIMANTS,
    ("requests.ask_supplement", "POST"): CLAIMANTS,
    ("requests.supplement_request", "POST"): FILERS,
    ("requests.hand_over_request", "POST"): HANDLERS_AND_STAFF,
    ("requests.object_to_request", "POST"): HANDLERS,
    ("requests.adjudicate_objection", "POST"): STAFF,
    ("requests.dispatch_elsewhere", "POST"): STAFF,
    ("requests.designate_unit", "POST"): STAFF,
    ("requests.list_objections", "GET"): STAFF,
    ("requests.decline_request", "POST"): STAFF,
    ("requests.contest_declining", "POST"): FILERS | {Role.DESK_CLERK: Scope.AREA},
    ("requests.list_reviews", "GET"): STAFF,
    ("requests.review_declining", "POST"): STAFF,
    ("requests.ask_extension", "POST"): CLAIMANTS,
    ("requests.decide_extension", "POST"): UNITS_AND_STAFF,
    ("requests.list_supervised", "GET"): UNITS_AND_STAFF,
    ("requests.ask_help", "POST"): HANDLERS_AND_STAFF,
    ("requests.list_parts", "GET"): UNITS_AND_STAFF,
    ("requests.list_tasks", "GET"): {Role.DEPARTMENT_HANDLER: Scope.DEPARTMENT},
    ("requests.answer_task", "POST"): {Role.DEPARTMENT_HANDLER: Scope.DEPARTMENT},
    ("requests.cancel_task", "POST"): HANDLERS_AND_STAFF,
    ("requests.reopen_request", "POST"): FILERS,
    ("requests.dispute_settlement", "POST"): FOLLOWERS,
    ("requests.list_visits", "GET"): STAFF,
    ("requests.ask_for_visit", "POST"): STAFF,
    ("requests.visit_request", "POST"): STAFF,
    ("requests.show_satisfaction", "GET"): UNITS_AND_STAFF,
    ("requests.merge_request", "POST"): UNITS_AND_STAFF,
    ("requests.unmerge_request", "POST"): UNITS_AND_STAFF,
    ("requests.list_similar", "GET"): FOLLOWERS,
    ("requests.follow_request", "POST"): FOLLOWERS,
    ("requests.unfollow_request", "DELETE"): FOLLOWERS,
    ("requests.list_following", "GET"): FOLLOWERS,
    ("requests.print_slip", "GET"): DESK,
}


class Seen(Protocol):
    """What of a request decides who sees it."""

    account_id: UUID | None
    department_code: str | None
    helpers: list[str]
    against_account: UUID | None
    against_department: str | None
    acting: bool
    grid_path: list[str]


HELD_BY = "(r.claimed_by = ANY(%(my_hands)s::uuid[]))"
"""Who has a case: the actor, or a colleague who is away and whom the actor covers (AB角)."""

# Whoever is complained about never sees the case, whatever else they are (回避); nor does whoever
# stands in for them.
RECUSED = """
(r.against_account = ANY(%(my_hands)s::uuid[]) OR r.against_department = ANY(%(my_units)s))
"""

# Who filed it for another follows it as long as the mandate stands and has that power.
ACTED_BY = represented_by("r.mandate_id", Power.FOLLOW)

SEEN_BY = f"""
(r.account_id = %(me)s OR {ACTED_BY} OR {RECUSED} IS NOT TRUE
 AND (r.department_code = ANY(%(my_departments)s) OR r.helpers && %(my_departments)s::text[]
  OR r.grid_code IN (SELECT a.code FROM area a WHERE a.path && %(my_areas)s::text[])))
"""  # noqa: S608  a constant of ours

WORKED_BY = f"""
({RECUSED} IS NOT TRUE
 AND (r.handled_by = 'department' AND r.department_code = ANY(%(my_desks)s)
  OR r.handled_by = 'grid'
     AND r.grid_code IN (SELECT a.code FROM area a WHERE a.path && %(my_grids)s::text[])))
"""  # noqa: S608  a constant of ours

SHARED_BY = f"""
(r.account_id = ANY(%(my_family)s::uuid[]) AND NOT r.confidential AND {RECUSED} IS NOT TRUE)
"""
"""What the other adults of a household see of whoever shares with it: no confidential case, and no
list of staff has it for that."""


def seen_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``SEEN_BY``, ``WORKED_BY``, ``HELD_BY``: the rule for many rows."""
    return {
        "me": actor.account_id,
        "my_hands": list(hands_of(actor)),
        "my_resident": actor.resident_id,
        "today": clock.today(),
        "my_units": list(units_of(actor)),
        "my_departments": list(actor.departments_as(*SEE_DEPARTMENT)),
        "my_areas": list(actor.areas_as(*SEE_AREA)),
        "my_desks": list(actor.departments_as(*WORK_DEPARTMENT)),
        "my_grids": list(actor.areas_as(*WORK_AREA)),
    }


def units_of(actor: Actor) -> tuple[str, ...]:
    """Return the departments that the actor is of, in whatever role."""
    return actor.departments_as(*Role)


def hands_of(actor: Actor) -> tuple[UUID, ...]:
    """Return the accounts whose cases are the actor's to handle today: theirs, and whom they cover.

    What of it they may see is for their grants to say, which cover lends as well.
    """
    return (actor.account_id, *sorted(actor.covers))


def holds(actor: Actor, row: Any) -> bool:
    """Tell whether the actor has a request, or covers the colleague who has it."""
    return row.claimed_by in hands_of(actor)


def is_recused(actor: Actor, row: Seen) -> bool:
    """Tell whether the request complains about the actor, whom they cover, or a unit of theirs."""
    return row.against_account in hands_of(actor) or row.against_department in units_of(actor)


def about_whom(row: Seen) -> tuple[UUID | None, str | None]:
    """Return the person and the unit that a request complains about, if it does."""
    return row.against_account, row.against_department


def may_see(actor: Actor, row: Seen) -> bool:
    """Tell whether a request is in the actor's sight."""
    if row.account_id == actor.account_id or row.acting:
        return True
    departments = actor.departments_as(*SEE_DEPARTMENT)
    return not is_recused(actor, row) and (
        row.department_code in departments
        or not set(row.helpers).isdisjoint(departments)
        or not set(row.grid_path).isdisjoint(actor.areas_as(*SEE_AREA))
    )


def is_shared(actor: Actor, family: tuple[UUID, ...], row: Any) -> bool:
    """Tell whether a request is of somebody of the family who shares it with the actor."""
    return row.account_id in family and not row.confidential and not is_recused(actor, row)


def may_work(actor: Actor, row: Any) -> bool:
    """Tell whether a request is the actor's to claim."""
    if is_recused(actor, row):
        return False
    if row.handled_by == "department":
        return row.department_code in actor.departments_as(*WORK_DEPARTMENT)
    return not set(row.grid_path).isdisjoint(actor.areas_as(*WORK_AREA))


def is_staff_of(actor: Actor, row: Any) -> bool:
    """Tell whether a request lies in the area of the actor's duty as district staff."""
    areas = actor.areas_as(Role.DISTRICT_STAFF)
    return not is_recused(actor, row) and not set(row.grid_path).isdisjoint(areas)
