"""Who may draft, publish and read notices, for one row and for many."""

from typing import Any

from app.policy import Actor, Role, Scope, roles_with

STAFF = {Role.DISTRICT_STAFF: Scope.AREA}
READER = {Role.RESIDENT: Scope.SELF}
ON_THE_GROUND = {Role.GRID_WORKER: Scope.AREA}

# Every area of the notice lies in an area of the caller's; ``touches`` only leads there fast.
MANAGED_BY = """
n.touches && %(my_areas)s::text[] AND NOT EXISTS (
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
    return bool(paths) and all(
        path is not None and not set(path).isdisjoint(mine) for path in paths
    )
