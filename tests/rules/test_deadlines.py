"""A time limit promised to a resident ends when the law says, not when Monday to Friday would."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.days import WorkingCalendar
from app.calendar.deadlines import (
    LONGEST,
    Deadline,
    LimitRefused,
    LimitUnit,
    deadline,
    paused,
)
from app.clock import SHANGHAI

# Published up to 2026 whatever the installed package has learnt since.
NATIONAL = WorkingCalendar(
    exceptions=WorkingCalendar.from_package().exceptions,
    published_years=frozenset(range(2004, 2027)),
    version="test-2026",
)

NAIVE = WorkingCalendar({}, frozenset(), "Monday to Friday")

UNIT = st.sampled_from(LimitUnit)
COUNT = st.integers(1, 120)
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
START = st.integers(0, 8 * 365 * 86_400).map(lambda past: BEGINNING + timedelta(seconds=past))


def at(text: str) -> datetime:
    """An instant in Shanghai, written as a clerk would: 2026-02-13 09:30."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def last_day(due: Deadline) -> date:
    """The last day in Shanghai on which the deed is still in time; the limit ends at its 24:00."""
    midnight = due.due_at.astimezone(SHANGHAI)
    assert midnight.time() == time()
    return midnight.date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("accepted", "count", "right", "naive"),
    [
        ("2026-02-13", 1, "2026-02-14", "2026-02-16"),
        ("2026-02-13", 2, "2026-02-24", "2026-02-17"),
        ("2026-02-13", 5, "2026-02-27", "2026-02-20"),
        ("2026-02-27", 1, "2026-02-28", "2026-03-02"),
        ("2026-04-30", 1, "2026-05-06", "2026-05-01"),
        ("2026-04-30", 5, "2026-05-11", "2026-05-07"),
        ("2026-06-18", 1, "2026-06-22", "2026-06-19"),
        ("2026-09-18", 1, "2026-09-20", "2026-09-21"),
        ("2026-09-18", 5, "2026-09-24", "2026-09-25"),
        ("2026-09-24", 5, "2026-10-09", "2026-10-01"),
        ("2026-09-30", 1, "2026-10-08", "2026-10-01"),
        ("2026-09-30", 5, "2026-10-13", "2026-10-07"),
        ("2026-09-30", 15, "2026-10-27", "2026-10-21"),
    ],
)
def test_working_days_keep_the_holidays(accepted: str, count: int, right: str, naive: str) -> None:
    """Holidays stretch a limit and make-up Saturdays shorten it, where weekdays alone would err."""
    for clock in ("00:00", "09:30", "23:59:59"):
        start = at(f"{accepted} {clock}")
        due = deadline(start, count, LimitUnit.WORKING_DAYS, NATIONAL)
        assert last_day(due) == date.fromisoformat(right)
        assert not due.provisional
        wrong = deadline(start, count, LimitUnit.WORKING_DAYS, NAIVE)
        assert last_day(wrong) == date.fromisoformat(naive) != last_day(due)
        assert wrong.provisional


def test_a_limit_into_an_unpublished_year_is_provisional() -> None:
    """Accepted on 28 December 2026, five working days reach 2027: to be reckoned again."""
    start = at("2026-12-28 10:00")
    due = deadline(start, 5, LimitUnit.WORKING_DAYS, NATIONAL)
    assert (last_day(due), due.provisional) == (date(2027, 1, 4), True)
    published = NATIONAL.merged({}, frozenset({2027}), "test-2027")
    settled = deadline(start, 5, LimitUnit.WORKING_DAYS, published)
    assert (settled.provisional, settled.calendar_version) == (False, "test-2027")


def test_a_last_calendar_day_at_rest_gives_way() -> None:
    """民法典 203: 60 days from 17 December 2025 end in the Spring Festival, and roll past it."""
    due = deadline(at("2025-12-17 15:00"), 60, LimitUnit.CALENDAR_DAYS, NATIONAL)
    assert (last_day(due), due.provisional) == (date(2026, 2, 24), False)


def test_a_last_calendar_day_that_is_made_up_stays() -> None:
    """59 days end on Saturday 14 February 2026, a make-up working day: no roll."""
    due = deadline(at("2025-12-17 15:00"), 59, LimitUnit.CALENDAR_DAYS, NATIONAL)
    assert last_day(due) == date(2026, 2, 14)


def test_the_day_is_the_day_in_shanghai() -> None:
    """17:00 UTC is past midnight in Shanghai: the day after is the one that is not counted."""
    due = deadline(datetime(2026, 3, 9, 17, tzinfo=UTC), 1, LimitUnit.WORKING_DAYS, NATIONAL)
    assert last_day(due) == date(2026, 3, 11)
    assert due.due_at == datetime(2026, 3, 11, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "count", "reason"),
    [
        (at("2026-03-10 09:00"), 0, "below_one"),
        (at("2026-03-10 09:00"), -3, "below_one"),
        (at("2026-03-10 09:00"), LONGEST + 1, "too_long"),
        (at("2026-03-10 09:00").replace(tzinfo=None), 1, "naive_start"),
    ],
)
@pytest.mark.parametrize("unit", LimitUnit)
def test_no_limit_is_refused(start: datetime, count: int, reason: str, unit: LimitUnit) -> None:
    """Nothing to count, a slip of the pen, or a start without a time zone."""
    with pytest.raises(LimitRefused) as refused:
        deadline(start, count, unit, NATIONAL)
    assert refused.value.reason == reason


def test_the_longest_limit_is_reckoned() -> None:
    """Ten thousand working days are some forty years, and still answered."""
    due = deadline(at("2026-03-10 09:00"), LONGEST, LimitUnit.WORKING_DAYS, NATIONAL)
    assert due.provisional


def test_a_pause_moves_the_deadline_by_its_seconds() -> None:
    """Hearings and expert reviews do not count (行政许可法 45): due that much later, no less."""
    due = deadline(at("2026-03-10 09:00"), 5, LimitUnit.WORKING_DAYS, NATIONAL)
    later = paused(due, 3 * 86_400 + 5)
    assert later.due_at - due.due_at == timedelta(days=3, seconds=5)
    assert (later.provisional, later.calendar_version) == (due.provisional, due.calendar_version)
    assert paused(due, 0) == due
    with pytest.raises(LimitRefused):
        paused(due, -1)


@given(START, COUNT, UNIT)
def test_more_time_is_never_due_sooner(start: datetime, count: int, unit: LimitUnit) -> None:
    """One more day or hour never brings the deadline forward, and never makes it certain."""
    due, longer = (deadline(start, count + more, unit, NATIONAL) for more in (0, 1))
    assert start < due.due_at <= longer.due_at
    assert due.due_at.tzinfo is UTC


@given(START, st.integers(0, 10**7), COUNT, UNIT)
def test_who_comes_later_is_never_due_sooner(
    start: datetime, seconds: int, count: int, unit: LimitUnit
) -> None:
    """A request filed later is not due before one filed earlier."""
    later = start + timedelta(seconds=seconds)
    due = deadline(start, count, unit, NATIONAL).due_at
    assert due <= deadline(later, count, unit, NATIONAL).due_at


@given(START, COUNT)
def test_working_days_are_counted_out(start: datetime, count: int) -> None:
    """Between the first day and the last lie exactly as many working days as promised."""
    last = last_day(deadline(start, count, LimitUnit.WORKING_DAYS, NATIONAL))
    first = start.astimezone(SHANGHAI).date()
    days = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    assert sum(map(NATIONAL.is_working, days)) == count
    assert NATIONAL.is_working(last)


@given(START, st.integers(1, 400))
def test_calendar_days_end_on_a_working_day(start: datetime, count: int) -> None:
    """A resident can always act on the last day: an office is open."""
    last = last_day(deadline(start, count, LimitUnit.CALENDAR_DAYS, NATIONAL))
    assert NATIONAL.is_working(last)
    assert last >= start.astimezone(SHANGHAI).date() + timedelta(days=count)
