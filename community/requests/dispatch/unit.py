"""Which unit a case goes to, and why: by the district's rules of the day, kept with the case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.areas.service import grid_paths
from community.requests.dispatch.placing import Where
from community.rules import registers
from community.rules.deciding import rule_of


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The unit, None where no rule names one, and why: codes and numbers, shown with the case."""

    department_code: str | None
    handled_by: str
    why: dict[str, Any]


def unit_for(
    matter: Any, where: Where, at: datetime, barred: Collection[str | None] = ()
) -> Dispatch:
    """Return the unit of a matter at a place; a unit complained about never gets the case.

    Without a rule it is the department that the catalogue names, and without that nobody: then
    the case stays filed until district staff dispatch it.
    """
    day = at.astimezone(clock.SHANGHAI).date()
    grid = grid_paths.get().get(where.grid_code)
    path = list(grid.path) if grid else [where.grid_code]
    why: dict[str, Any] = {
        "grid": where.grid_code,
        "outline": grid.batch if grid else None,
        "metres_to_edge": where.metres_to_edge,
        "near_edge": where.near_edge,
    }
    shut = {code for code in barred if code}
    rule = rule_of(registers.dispatch_rules.get(), matter.code, path, day, shut)
    if rule is not None:
        why |= {"by": "rule", "rule": rule.sid, "version": rule.version, "clause": rule.clause_code}
        return Dispatch(rule.department_code, rule.handled_by, why)
    if matter.department_code in shut:
        return Dispatch(None, "department", why | {"by": "nobody"})
    return Dispatch(matter.department_code, matter.handled_by, why | {"by": "catalogue"})
