"""Which limit counts for a request for correction, on the day on which it is made."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.calendar.deadlines import LimitUnit
from app.corrections.limits import Limit, limit_on


@dataclass(frozen=True)
class Rule:
    sid: str
    count: int
    valid_from: date
    valid_to: date | None = None
    unit: str = "working_days"
    legal_basis: str = "某条例"


LAW = Rule("CN-809", 10, date(2025, 8, 1))
PILOT = Rule("DDHT-1", 5, date(2026, 3, 1), date(2026, 4, 1))
RULES = (LAW, PILOT)


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2025, 7, 31), None),
        (date(2025, 8, 1), 10),
        (date(2026, 2, 28), 10),
        (date(2026, 3, 1), 5),
        (date(2026, 3, 31), 5),
        (date(2026, 4, 1), 10),
    ],
)
def test_the_rule_that_began_last_counts_as_long_as_it_holds(day: date, count: int | None) -> None:
    found = limit_on(RULES, day)
    assert (found and found.count) == count
    assert found == limit_on(RULES[::-1], day)


def test_it_says_what_it_counts_and_by_which_rule() -> None:
    hours = Rule("X", 24, date(2026, 1, 1), unit="working_hours", legal_basis="区级规定")
    limit = limit_on([LAW, hours], date(2026, 1, 1))
    assert limit == Limit(24, LimitUnit.WORKING_HOURS, "区级规定")


def test_of_two_that_began_together_the_higher_key_counts() -> None:
    other = Rule("CN-900", 3, LAW.valid_from)
    found = limit_on([other, LAW], date(2026, 1, 1))
    assert found
    assert found.count == 3
