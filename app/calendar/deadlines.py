"""When a time limit runs out, in the units in which Chinese rules and promises state limits.

Reckoned on the calendar of Asia/Shanghai, told in UTC. The rules are those of 民法典 200-204: the
first day is not counted (201), the last day ends at 24:00, and a last day that is a rest day
gives way to the next working day (203). Hours count at once (201).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from app.calendar.days import WorkingCalendar
from app.clock import SHANGHAI

ONE_DAY = timedelta(days=1)

MORNING = (time(8, 30), time(12, 0))
AFTERNOON = (time(13, 0), time(17, 30))
OFFICE_HOURS = (MORNING, AFTERNOON)
"""The district's office hours on a working day: eight hours, from opening to closing."""

LONGEST = 10_000  # of any unit; more is a slip of the pen

LimitReason: TypeAlias = Literal["below_one", "too_long", "naive_start", "negative_pause"]
Reckoned: TypeAlias = tuple[datetime, list[date]]
"""The instant it is due, and the days of which the calendar was asked."""


class LimitUnit(StrEnum):
    """What a time limit counts."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"
    HOURS = "hours"


class LimitRefused(ValueError):
    """A time limit cannot be reckoned.

    ``reason`` is ``below_one`` or ``too_long`` (the count), ``naive_start`` (the start has no time
    zone) or ``negative_pause``.
    """

    def __init__(self, reason: LimitReason) -> None:
        """Keep the reason for the caller."""
        super().__init__(reason)
        self.reason: LimitReason = reason


@dataclass(frozen=True, slots=True)
class Deadline:
    """The first instant that is too late.

    Attributes:
        due_at: in UTC. For limits in days it is the midnight, in Shanghai, that ends the last day.
        provisional: a day was asked of the calendar that no published arrangement settles;
            reckon again once it is published.
        calendar_version: the calendar it was reckoned on.
    """

    due_at: datetime
    provisional: bool
    calendar_version: str


def deadline(start: datetime, count: int, unit: LimitUnit, calendar: WorkingCalendar) -> Deadline:
    """Return when a limit of ``count`` ``unit`` that begins at ``start`` runs out.

    - ``working_days``: the day of ``start`` is not counted, rest days neither (民法典 201).
    - ``calendar_days``: every day counts but the first; a last day that is a rest day gives way
      to the next working day (民法典 203).
    - ``hours``: round the clock, at once, rest days included.
    - ``working_hours``: at once, but only within office hours of working days.

    Raises:
        LimitRefused: ``start`` has no time zone, or ``count`` is not between 1 and 10,000.
    """
    if start.utcoffset() is None:
        raise LimitRefused("naive_start")
    if count < 1:
        raise LimitRefused("below_one")
    if count > LONGEST:
        raise LimitRefused("too_long")
    due, asked = _RECKONERS[unit](start.astimezone(UTC), count, calendar)
    return Deadline(
        due_at=due,
        provisional=not all(map(calendar.is_published, asked)),
        calendar_version=calendar.version,
    )


def paused(due: Deadline, seconds: int) -> Deadline:
    """Return the deadline after its clock stood still for ``seconds``: that much later.

    The shift is absolute. It is not rolled to a working day.

    Raises:
        LimitRefused: ``seconds`` is negative.
    """
    if seconds < 0:
        raise LimitRefused("negative_pause")
    return replace(due, due_at=due.due_at + timedelta(seconds=seconds))


def _by_working_days(start: datetime, count: int, calendar: WorkingCalendar) -> Reckoned:
    day = _day_of(start)
    asked: list[date] = []
    while count:
        day += ONE_DAY
        asked.append(day)
        count -= calendar.is_working(day)
    return _end_of(day), asked


def _by_calendar_days(start: datetime, count: int, calendar: WorkingCalendar) -> Reckoned:
    last = _day_of(start) + timedelta(days=count)
    asked = [last]
    while not calendar.is_working(last):
        last += ONE_DAY
        asked.append(last)
    return _end_of(last), asked


def _by_hours(start: datetime, count: int, _: WorkingCalendar) -> Reckoned:
    return start + timedelta(hours=count), []


def _by_working_hours(start: datetime, count: int, calendar: WorkingCalendar) -> Reckoned:
    left = timedelta(hours=count)
    day = _day_of(start)
    asked: list[date] = []
    while True:
        asked.append(day)
        for opens, closes in OFFICE_HOURS if calendar.is_working(day) else ():
            begins = max(_instant(day, opens), start)
            worked = max(_instant(day, closes) - begins, timedelta())
            if worked >= left:
                return begins + left, asked
            left -= worked
        day += ONE_DAY


def _day_of(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)


def _end_of(day: date) -> datetime:
    return _instant(day + ONE_DAY, time())


_RECKONERS: dict[LimitUnit, Callable[[datetime, int, WorkingCalendar], Reckoned]] = {
    LimitUnit.WORKING_DAYS: _by_working_days,
    LimitUnit.CALENDAR_DAYS: _by_calendar_days,
    LimitUnit.HOURS: _by_hours,
    LimitUnit.WORKING_HOURS: _by_working_hours,
}
