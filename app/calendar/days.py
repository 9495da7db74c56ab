"""Which days are worked: weekends, public holidays and the weekends worked to make up for them.

The State Council publishes each year's arrangement late in the year before. Until then a year is
unpublished: Monday to Friday is assumed there, and what is reckoned on it is provisional.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Self

import chinese_calendar

SATURDAY = 5  # of date.weekday()

# The arrangement of a year also moves days at the end of the year before: that of 2019 made
# Saturday 29 December 2018 a working day, and Monday the 31st a rest day. None came earlier
# than 29 December since 2004; the margin is ours.
DECIDED_BY_NEXT_YEAR = (12, 25)  # month and day from which on


class DayKind(StrEnum):
    """What a day is, weekday or not."""

    WORK = "work"
    REST = "rest"


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """One reading of the calendar, never changed: a new reading is a new calendar.

    Attributes:
        exceptions: the days that are not what their weekday says; days that agree may be listed.
        published_years: the years whose arrangement is known.
        version: names this reading, to be kept beside every deadline it made.
    """

    exceptions: Mapping[date, DayKind]
    published_years: frozenset[int]
    version: str

    def __post_init__(self) -> None:
        """Keep an own copy of the exceptions that nobody can change."""
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    @classmethod
    def from_package(cls) -> Self:
        """Return the national calendar as the installed ``chinesecalendar`` knows it."""
        holidays, made_up = chinese_calendar.holidays, chinese_calendar.workdays
        known = range(min(holidays).year, max(holidays).year + 1)
        return cls(
            exceptions=dict.fromkeys(holidays, DayKind.REST) | dict.fromkeys(made_up, DayKind.WORK),
            published_years=frozenset(known),
            version=f"chinesecalendar-{chinese_calendar.__version__}",
        )

    def merged(
        self, exceptions: Mapping[date, DayKind], published_years: frozenset[int], version: str
    ) -> Self:
        """Return a calendar in which the district's own records override this one, day by day.

        ``published_years`` are added to those known here; ``version`` names the result.
        """
        return type(self)(
            exceptions={**self.exceptions, **exceptions},
            published_years=self.published_years | published_years,
            version=version,
        )

    def is_working(self, day: date) -> bool:
        """Whether offices work on ``day``; in an unpublished year, as far as can be told."""
        return self.exceptions.get(day, _by_weekday(day)) == DayKind.WORK

    def unusual(self, first: date, last: date) -> list[tuple[date, date, DayKind]]:
        """Return what a reader of weekdays would not expect from ``first`` to ``last``, in order.

        Each weekend day that is worked, and each run of rest days that has a weekday in it.
        """
        runs: list[tuple[date, date, DayKind]] = []
        day = first
        while day <= last:
            kind = DayKind.WORK if self.is_working(day) else DayKind.REST
            resting = bool(runs) and runs[-1][2] == kind == DayKind.REST
            if resting and runs[-1][1] == day - timedelta(days=1):
                runs[-1] = (runs[-1][0], day, kind)
            elif kind == DayKind.REST or day.weekday() >= SATURDAY:
                runs.append((day, day, kind))
            day += timedelta(days=1)
        return [run for run in runs if run[2] == DayKind.WORK or _has_weekday(*run[:2])]

    def is_published(self, day: date) -> bool:
        """Whether it is settled if ``day`` is worked.

        Its year must be published, and from 25 December on the next year too.
        """
        years = {day.year}
        if (day.month, day.day) >= DECIDED_BY_NEXT_YEAR:
            years.add(day.year + 1)
        return years <= self.published_years


def _has_weekday(first: date, last: date) -> bool:
    return first.weekday() < SATURDAY or last.weekday() < SATURDAY or (last - first).days > 1


def _by_weekday(day: date) -> DayKind:
    return DayKind.REST if day.weekday() >= SATURDAY else DayKind.WORK
