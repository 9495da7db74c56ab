"""Which rule counts: pure functions over rows that are valid on a day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.calendar.deadlines import LimitUnit
from app.calendar.validity import holds
from community.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a stage may take; ``extension`` is (count, unit, by whom) or None."""

    count: int
    unit: LimitUnit
    basis: str
    pausable: bool = False
    extension: tuple[int, LimitUnit, str] | None = None


def limit_of(rows: Iterable[Any], matter: str, stage: Stage, day: date) -> Limit | None:
    """Return the limit of a matter's stage on a day: its own, or that of all matters.

    Of several the one that began last counts, and of those the one with the highest key.
    """
    found = [
        row
        for row in rows
        if row.stage == stage and row.matter_code in (matter, None) and holds(row, day)
    ]
    if not found:
        return None
    row = max(found, key=lambda each: (each.matter_code is not None, each.valid_from, each.sid))
    extension = None
    if row.extension_count and row.extension_unit:
        unit = LimitUnit(row.extension_unit)
        extension = (row.extension_count, unit, row.extension_by or "staff")
    return Limit(row.count, LimitUnit(row.unit), row.legal_basis, row.pausable, extension)


def rule_of(
    rows: Iterable[Any], matter: str, path: Sequence[str], day: date, barred: Collection[str] = ()
) -> Any | None:
    """Return the dispatch rule of a matter at a place (the codes from the zone down to the grid).

    The lowest priority that fits decides; of equal ones the nearer area, then the one that names
    the matter, then the lower key. A unit in ``barred`` never gets it.
    """
    found = [
        row
        for row in rows
        if row.matter_code in (matter, None)
        and (row.area_code is None or row.area_code in path)
        and row.department_code not in barred
        and holds(row, day)
    ]
    return min(found, key=lambda row: _rank(row, path), default=None)


def _rank(row: Any, path: Sequence[str]) -> tuple[int, int, bool, str]:
    depth = path.index(row.area_code) + 1 if row.area_code else 0
    return row.priority, -depth, row.matter_code is None, row.sid


def capacity_of(
    rows: Iterable[Any], grants: Iterable[tuple[str, str | None, str | None]], day: date
) -> int | None:
    """Return how many open requests somebody with these grants may hold; None: as many as come.

    ``grants`` are (role, area, department). A capacity that names the area or department counts
    before one for the whole role; of several grants the largest capacity counts.
    """
    most: list[int] = []
    for role, area, department in grants:
        fitting = [
            row
            for row in rows
            if row.role == role
            and row.area_code in (None, area)
            and row.department_code in (None, department)
            and holds(row, day)
        ]
        named = [row for row in fitting if row.area_code or row.department_code]
        most += [min(row.most for row in named or fitting)] if fitting else []
    return max(most, default=None)
