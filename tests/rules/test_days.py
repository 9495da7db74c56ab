"""Which days are worked, in published years and in those nobody can know yet."""

from collections import Counter
from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import chinese_calendar
import pytest

from app.calendar.days import DayKind, WorkingCalendar

NATIONAL = WorkingCalendar.from_package()
YEAR_2026 = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]


def days(first: tuple[int, int], last: tuple[int, int]) -> set[date]:
    return {day for day in YEAR_2026 if first <= (day.month, day.day) <= last}


def test_2026_is_the_year_the_state_council_arranged() -> None:
    """Every rest day and every make-up Saturday or Sunday of the notice of 4 November 2025."""
    rest = days((1, 1), (1, 3)) | days((2, 15), (2, 23)) | days((4, 4), (4, 6))
    rest |= days((5, 1), (5, 5)) | days((6, 19), (6, 21)) | days((9, 25), (9, 27))
    rest |= days((10, 1), (10, 7))
    made_up = {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)}
    for day in YEAR_2026:
        worked = (day.month, day.day) in made_up or (day.weekday() < 5 and day not in rest)
        assert NATIONAL.is_working(day) is worked, day


def test_2026_has_248_working_days() -> None:
    """Month by month, as the notice counts."""
    by_month = Counter(day.month for day in YEAR_2026 if NATIONAL.is_working(day))
    assert [by_month[month] for month in range(1, 13)] == [
        *(21, 16, 22, 21, 19, 21),
        *(23, 21, 22, 18, 21, 23),
    ]
    assert by_month.total() == 248


def test_every_known_day_is_what_the_package_says() -> None:
    """Our reading of the package's tables agrees with its own answer, for all its years."""
    first, last = min(NATIONAL.published_years), max(NATIONAL.published_years)
    every = (date(last, 12, 31) - date(first, 1, 1)).days + 1
    for day in (date(first, 1, 1) + timedelta(days=count) for count in range(every)):
        assert NATIONAL.is_working(day) is chinese_calendar.is_workday(day), day


def test_an_unpublished_year_is_monday_to_friday_and_says_so() -> None:
    """Far from now the calendar answers instead of failing, and does not pretend to know."""
    assert not NATIONAL.is_published(date(2100, 6, 1))
    assert NATIONAL.is_working(date(2100, 6, 1))  # a Tuesday
    assert not NATIONAL.is_working(date(2100, 6, 5))  # a Saturday


def test_the_end_of_december_waits_for_the_next_year() -> None:
    """The notice for 2019 moved days of December 2018: until the next year's, they may move."""
    assert NATIONAL.is_working(date(2018, 12, 29))  # a Saturday
    assert not NATIONAL.is_working(date(2018, 12, 31))  # a Monday
    alone = WorkingCalendar({}, frozenset({2018}), "2018 alone")
    assert alone.is_published(date(2018, 12, 24))
    assert not alone.is_published(date(2018, 12, 25))
    both = alone.merged({}, frozenset({2019}), "and 2019")
    assert both.is_published(date(2018, 12, 25))


def test_the_districts_records_override_the_nation() -> None:
    """A day the district records is what the district says; all others stay; the years add up."""
    storm, sunday = date(2026, 8, 20), date(2026, 8, 23)
    district = NATIONAL.merged(
        {storm: DayKind.REST, sunday: DayKind.WORK}, frozenset({2101}), "district-7"
    )
    changed = [day for day in YEAR_2026 if district.is_working(day) is not NATIONAL.is_working(day)]
    assert changed == [storm, sunday]
    assert district.is_published(date(2101, 6, 1))
    assert district.is_published(date(2026, 6, 1))
    assert district.version == "district-7"
    assert not NATIONAL.is_working(sunday)


def test_the_package_names_its_version() -> None:
    """A deadline can be traced to the release of the calendar that made it."""
    name, _, version = NATIONAL.version.partition("-")
    assert name == "chinesecalendar"
    assert version[0].isdigit()


def test_a_calendar_never_changes() -> None:
    """Neither its fields, nor the records it was made from, nor the days it keeps."""
    records = {date(2026, 8, 20): DayKind.REST}
    made = WorkingCalendar(records, frozenset({2026}), "one")
    records.clear()
    assert not made.is_working(date(2026, 8, 20))
    with pytest.raises(FrozenInstanceError):
        made.version = "two"  # type: ignore[misc]
    with pytest.raises(TypeError):
        made.exceptions[date(2026, 8, 20)] = DayKind.WORK  # type: ignore[index]
