"""A case is due when its limit, its extension and its pauses say, and a resident can read why."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.days import DayKind, WorkingCalendar
from app.calendar.deadlines import LimitRefused, LimitUnit
from app.clock import SHANGHAI
from community.requests.clock.ladder import next_rung
from community.requests.clock.plain import facts_of, told
from community.requests.clock.reckoning import Terms, reckon
from community.rules.stages import Base

NATIONAL = WorkingCalendar(
    exceptions=WorkingCalendar.from_package().exceptions,
    published_years=frozenset(range(2004, 2027)),
    version="test-2026",
)
WORKING, CALENDAR = LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def last_day(terms: Terms) -> date:
    ends = reckon(terms, NATIONAL).due_at.astimezone(SHANGHAI)
    assert (ends.hour, ends.minute) == (0, 0)
    return ends.date() - timedelta(days=1)


def spoken(terms: Terms) -> Any:
    return told(facts_of(terms, reckon(terms, NATIONAL), NATIONAL))


@pytest.mark.parametrize(
    ("dispatched", "count", "due"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-27", 1, "2026-02-28"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-06-18", 1, "2026-06-22"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-09-30", 15, "2026-10-27"),
    ],
)
def test_working_days_of_2026(dispatched: str, count: int, due: str) -> None:
    assert last_day(Terms(at(f"{dispatched} 16:00"), count, WORKING)) == date.fromisoformat(due)


def test_into_a_year_without_a_calendar_it_is_provisional_and_says_so() -> None:
    terms = Terms(at("2026-12-28 10:00"), 5, WORKING)
    assert reckon(terms, NATIONAL).provisional
    assert "provisional" in spoken(terms).en
    assert "暂定" in spoken(terms).zh


def test_calendar_days_roll_over_a_holiday_but_not_over_a_made_up_saturday() -> None:
    """民法典 203, by hand: 60 days from 17 December 2025, and 59."""
    begun = at("2025-12-17 15:00")
    assert last_day(Terms(begun, 60, CALENDAR)) == date(2026, 2, 24)
    assert last_day(Terms(begun, 59, CALENDAR)) == date(2026, 2, 14)


def test_an_extension_follows_without_a_gap() -> None:
    """Five working days and five more are ten, whatever lies between."""
    begun = at("2026-02-13 16:00")
    both = Terms(begun, 5, WORKING, extra=(5, WORKING))
    assert last_day(both) == last_day(Terms(begun, 10, WORKING)) == date(2026, 3, 5)
    hours = Terms(at("2026-03-10 09:00"), 4, LimitUnit.HOURS, extra=(2, LimitUnit.HOURS))
    assert reckon(hours, NATIONAL).due_at == at("2026-03-10 15:00")


@given(
    st.integers(0, 700 * 86_400).map(
        lambda past: datetime(2024, 6, 1, tzinfo=UTC) + timedelta(seconds=past)
    ),
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(LimitUnit),
)
def test_an_extension_of_the_same_unit_is_the_sum_but_for_rolling(
    start: datetime, count: int, more: int, unit: LimitUnit
) -> None:
    due = reckon(Terms(start, count, unit, extra=(more, unit)), NATIONAL).due_at
    sum_of_both = reckon(Terms(start, count + more, unit), NATIONAL).due_at
    assert due >= sum_of_both
    if unit != CALENDAR:  # a rolled last day is day 0 of what follows
        assert due == sum_of_both


def test_a_pause_moves_it_by_its_seconds_and_is_told() -> None:
    terms = Terms(at("2026-03-10 09:00"), 5, WORKING)
    later = Terms(at("2026-03-10 09:00"), 5, WORKING, paused_seconds=5400)
    gap = reckon(later, NATIONAL).due_at - reckon(terms, NATIONAL).due_at
    assert gap == timedelta(seconds=5400)
    assert "1.5" in spoken(later).zh
    assert "1.5 hours" in spoken(later).en


@pytest.mark.parametrize(
    "changed",
    [{"count": 0}, {"paused_seconds": -1}, {"extra": (0, WORKING)}, {"extra": (-1, WORKING)}],
)
def test_no_limit_and_a_negative_pause_are_refused(changed: dict[str, Any]) -> None:
    sound: dict[str, Any] = {"start": at("2026-03-10 09:00"), "count": 1, "unit": WORKING}
    with pytest.raises(LimitRefused):
        reckon(Terms(**(sound | changed)), NATIONAL)


def test_a_resident_reads_which_days_count() -> None:
    words = spoken(Terms(at("2026-02-13 16:00"), 5, WORKING))
    assert words.en == (
        "5 working days, counted from the day after Fri 13 Feb. "
        "Sat 14 Feb is a working day, so day 1 is Saturday. "
        "Sun 15 Feb to Mon 23 Feb are days of rest and do not count. "
        "It is due by the end of Fri 27 Feb."
    )
    assert words.zh == (
        "自2月13日(周五)次日起5个工作日。2月14日(周六)是调休工作日,因此第1天就是这一天。"
        "2月15日(周日)至2月23日(周一)放假,不计。应于2月27日(周五)24时前办结。"
    )
    hours = spoken(Terms(at("2026-03-10 16:00"), 8, LimitUnit.WORKING_HOURS))
    assert hours.en.startswith("8 working hours from 16:00 on Tue 10 Mar.")
    assert hours.en.endswith("It is due by 16:00 on Wed 11 Mar.")


def test_plain_weekends_are_not_worth_a_word() -> None:
    odd = facts_of(
        terms := Terms(at("2026-03-06 10:00"), 10, WORKING), reckon(terms, NATIONAL), NATIONAL
    )["odd"]
    assert odd == []
    assert NATIONAL.unusual(date(2026, 3, 7), date(2026, 3, 8)) == []
    assert NATIONAL.unusual(date(2026, 2, 14), date(2026, 2, 14)) == [
        (date(2026, 2, 14), date(2026, 2, 14), DayKind.WORK)
    ]


def rung(number: int, base: str, count: int, unit: str = "hours") -> Any:
    return SimpleNamespace(
        sid=f"{base}/{number}", rung=number, base=base, count=count, unit=unit, tells="unit"
    )


LADDER = [
    rung(1, "deadline", -4),
    rung(2, "deadline", 0),
    rung(3, "deadline", 1, "working_days"),
    rung(1, "claim", 0),
    rung(2, "claim", 4, "working_hours"),
]


def test_the_ladder_is_climbed_rung_by_rung_from_the_nearer_base() -> None:
    bases = {Base.DEADLINE: at("2026-02-14 00:00"), Base.CLAIM: at("2026-02-12 10:00")}
    first = next_rung(LADDER, 0, bases, NATIONAL)
    assert first is not None
    assert (first.at, first.rung, first.row.base) == (at("2026-02-12 10:00"), 1, "claim")
    second = next_rung(LADDER, 1, bases, NATIONAL)
    assert second is not None
    assert (second.at, second.row.base) == (at("2026-02-12 15:00"), "claim")
    third = next_rung(LADDER, 2, bases, NATIONAL)
    assert third is not None
    assert third.at == at("2026-02-15 00:00")  # one working day: the made-up Saturday
    assert next_rung(LADDER, 3, bases, NATIONAL) is None


def test_a_base_that_is_over_counts_for_nothing() -> None:
    found = next_rung(
        LADDER, 0, {Base.DEADLINE: at("2026-03-10 12:00"), Base.CLAIM: None}, NATIONAL
    )
    assert found is not None
    assert (found.at, found.row.base) == (at("2026-03-10 08:00"), "deadline")
