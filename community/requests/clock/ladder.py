"""Which rung of the ladder a case climbs next, and when: a pure function of the ladder's rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.calendar.days import WorkingCalendar
from app.calendar.deadlines import LimitUnit, deadline
from community.rules.stages import Base


@dataclass(frozen=True, slots=True)
class NextRung:
    """The rung, when it is due, and the row of the ladder that says so."""

    at: datetime
    rung: int
    row: Any


def next_rung(
    ladder: Iterable[Any],
    climbed: int,
    bases: Mapping[Base, datetime | None],
    calendar: WorkingCalendar,
) -> NextRung | None:
    """Return the next rung above those ``climbed``, or None at the top.

    ``bases`` are the instants that rungs count from; a base that is None counts for nothing. Of
    two bases whose next rung is due, the earlier is climbed first.
    """
    due = []
    for base, start in bases.items():
        above = [row for row in ladder if row.base == base and row.rung > climbed]
        if start is not None and above:
            row = min(above, key=lambda each: (each.rung, each.sid))
            due.append(NextRung(_after(start, row, calendar), row.rung, row))
    return min(due, key=lambda each: (each.at, each.rung), default=None)


def _after(start: datetime, row: Any, calendar: WorkingCalendar) -> datetime:
    if row.count < 1:
        return start + timedelta(hours=row.count)
    unit = LimitUnit(row.unit)
    # a deadline in days is the midnight after its last day: a day later is the day that begins
    begin = start - timedelta(microseconds=1) if unit == LimitUnit.WORKING_DAYS else start
    return deadline(begin, row.count, unit, calendar).due_at
