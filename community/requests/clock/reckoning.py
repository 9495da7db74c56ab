"""When a case is due: a limit, an extension, and the time that the clock stood still. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.calendar.days import WorkingCalendar
from app.calendar.deadlines import Deadline, LimitUnit, deadline, paused

IN_DAYS = (LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS)
AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deadline is made of.

    Attributes:
        start: the dispatch that began this round (民法典 201: its day is not counted).
        count, unit: the limit of the matter's stage.
        extra: what was granted besides, or None; it follows the limit without a gap.
        paused_seconds: how long the clock has stood still.
    """

    start: datetime
    count: int
    unit: LimitUnit
    extra: tuple[int, LimitUnit] | None = None
    paused_seconds: int = 0


def reckon(terms: Terms, calendar: WorkingCalendar) -> Deadline:
    """Return the deadline of a case.

    Raises:
        LimitRefused: a limit of less than one, a start without a time zone, a negative pause.
    """
    due = deadline(terms.start, terms.count, terms.unit, calendar)
    if terms.extra is not None:
        count, unit = terms.extra
        # the last day of the limit is day 0 of an extension in days
        ended = due.due_at - AN_INSTANT if unit in IN_DAYS else due.due_at
        longer = deadline(ended, count, unit, calendar)
        due = replace(longer, provisional=due.provisional or longer.provisional)
    return paused(due, terms.paused_seconds)
