"""Who may draft, publish and read notices, for one row and for many."""

from typing import Any

from app.policy import Actor, Role, Rows, Scope, roles_with

STAFF = {Role.DISTRICT_STAFF: Scope.AREA}
READER = {Role.RESIDENT: Scope.SELF}

POLICY: Rows = {
    ("notices.draft_notice", "POST"): STAFF,
    ("notices.list_notices", "GET"): STAFF,
    ("notices.show_notice", "GET"): STAFF,
    ("notices.publish_notice", "POST"): STAFF,
    ("notices.withdraw_notice", "POST"): STAFF,
    ("notices.list_inbox", "GET"): READER,
    ("notices.count_unread", "GET"): READER,
    ("notices.read_notice", "GET"): READER,
    ("notices.mark_read", "POST"): READER,
}

# Every area of the notice lies in an area of the caller's.
MANAGED_BY = """
NOT EXISTS (
  SELECT FROM unnest(n.area_codes) AS wanted(code)
  LEFT JOIN area a ON a.code = wanted.code
  WHERE a.path IS NULL OR NOT a.path && %(my_areas)s::text[])
"""


def managed_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``MANAGED_BY``."""
    return {"my_areas": list(actor.areas_as(*roles_with(STAFF, Scope.AREA)))}


def may_manage(actor: Actor, paths: list[list[str] | None]) -> bool:
    """Tell whether a notice to areas with these paths is the actor's to manage."""
    mine = actor.areas_as(*roles_with(STAFF, Scope.AREA))
    return all(path is not None and not set(path).isdisjoint(mine) for path in paths)
