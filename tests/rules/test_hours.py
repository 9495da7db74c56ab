"""Limits in hours run round the clock, limits in working hours while somebody is at the desk."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.days import WorkingCalendar
from app.calendar.deadlines import OFFICE_HOURS, Deadline, LimitUnit, deadline
from app.clock import SHANGHAI

# Published up to 2026 whatever the installed package has learnt since.
NATIONAL = WorkingCalendar(
    exceptions=WorkingCalendar.from_package().exceptions,
    published_years=frozenset(range(2004, 2027)),
    version="test-2026",
)

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
START = st.integers(0, 8 * 365 * 86_400).map(lambda past: BEGINNING + timedelta(seconds=past))


def at(text: str) -> datetime:
    """An instant in Shanghai, written as a clerk would: 2026-02-13 09:30."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_hours_count_at_once_and_through_holidays() -> None:
    """民法典 201: 24 hours from New Year's Eve noon are over at noon of the holiday."""
    due = deadline(at("2026-02-16 12:00"), 24, LimitUnit.HOURS, NATIONAL)
    assert due == Deadline(at("2026-02-17 12:00").astimezone(UTC), False, "test-2026")


def test_hours_never_ask_the_calendar() -> None:
    """A limit in hours is final even in an unpublished year."""
    assert not deadline(at("2050-01-01 00:00"), 48, LimitUnit.HOURS, NATIONAL).provisional


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-10 09:00", 1, "2026-03-10 10:00"),
        ("2026-03-10 11:00", 1, "2026-03-10 12:00"),
        ("2026-03-10 11:30", 1, "2026-03-10 13:30"),
        ("2026-03-10 12:15", 1, "2026-03-10 14:00"),
        ("2026-03-10 06:00", 8, "2026-03-10 17:30"),
        ("2026-03-10 08:30", 9, "2026-03-11 09:30"),
        ("2026-03-10 17:00", 2, "2026-03-11 10:00"),
        ("2026-03-13 17:30", 1, "2026-03-16 09:30"),
        ("2026-02-14 16:30", 2, "2026-02-24 09:30"),
        ("2026-02-13 17:00", 1, "2026-02-14 09:00"),
        ("2026-10-01 10:00", 16, "2026-10-09 17:30"),
    ],
)
def test_working_hours_are_office_hours(start: str, count: int, due: str) -> None:
    """Lunch, evenings, weekends and holidays stop the clock; a make-up Saturday runs it."""
    found = deadline(at(start), count, LimitUnit.WORKING_HOURS, NATIONAL)
    assert found.due_at == at(due)
    assert not found.provisional


@given(START, st.integers(1, 120))
def test_working_hours_end_in_office_hours(start: datetime, count: int) -> None:
    """Eight hours are one office day, and the end is when somebody is at the desk."""
    due = deadline(start, count, LimitUnit.WORKING_HOURS, NATIONAL).due_at.astimezone(SHANGHAI)
    assert NATIONAL.is_working(due.date())
    assert any(opens < due.time() <= closes for opens, closes in OFFICE_HOURS)
