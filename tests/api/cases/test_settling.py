"""Closed is not the same as solved: each result says what it needs to say (办结类型)."""

from typing import Any

import pytest

from app.database import read
from tests.api.cases.living import Case, settled, slug
from tests.people import Caller

SIX = ("solved", "partly_solved", "planned", "explained", "not_our_duty", "duplicate")
"""已解决, 部分解决, 列入计划, 依法解释, 不属职责, 重复并案."""
NEEDED: dict[str, dict[str, Any]] = {
    "planned": {"planned_for": "2099-01-01"},
    "not_our_duty": {"clause": "HOU-1"},
}


@pytest.mark.parametrize("result", SIX)
def test_each_of_the_six_results_is_told_to_the_filer_and_to_the_district(
    result: str, resident: Caller, worker: Caller
) -> None:
    case = Case(resident)
    shown = settled(case, worker, result=result, **NEEDED.get(result, {}))["request"]
    assert (shown["state"], shown["result"]) == ("settled", result)
    (entry,) = case.entries(resident, "settle")
    assert (entry["facts"]["result"], entry["note"]) == (result, "已办结")
    assert len(read("SELECT 1 FROM outbox WHERE kind = 'request-settled'")) == 1
    assert (case.row.next_rung_at, case.row.reopen_until > case.row.settled_at) == (None, True)


@pytest.mark.parametrize(
    ("result", "more", "answer"),
    [
        ("planned", {}, "invalid"),
        ("planned", {"planned_for": "2020-01-01"}, "plan-refused"),
        ("solved", {"planned_for": "2099-01-01"}, "invalid"),
        ("not_our_duty", {}, "invalid"),
        ("not_our_duty", {"clause": "NONE"}, "clause-unknown"),
        ("gone_away", {}, "invalid"),
    ],
)
def test_what_is_incomplete_is_refused(
    resident: Caller, worker: Caller, result: str, more: dict[str, str], answer: str
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    body = {"result": result, "note": "x", **more}
    assert slug(case.step(worker, "settlement", body)) == answer
    assert case.row.state == "claimed"


def test_not_our_duty_says_whose_it_is(resident: Caller, worker: Caller) -> None:
    case = Case(resident)
    settled(case, worker, result="not_our_duty", clause="HOU-1")
    facts = case.entries(resident, "settle")[0]["facts"]
    assert (facts["clause"], facts["department"]) == ("HOU-1", "HOU")


def test_a_plan_says_when(resident: Caller, worker: Caller) -> None:
    case = Case(resident)
    shown = settled(case, worker, result="planned", planned_for="2099-01-01")
    assert shown["request"]["planned_for"] == "2099-01-01"
