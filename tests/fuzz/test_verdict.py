"""A run of the fuzzer counts only if it really tried."""

from typing import Any

import pytest

from tests.fuzz.answers import Answers
from tests.fuzz.beyond import BEYOND
from tests.fuzz.verdict import Verdict
from tests.surroundings import ROOT

ME = "identity.show_me"
POLICY = ROOT / "docs" / "policy.csv"
GOOD: dict[str, Any] = {
    "complete": True,
    "stop_reason": "completed",
    "operations": {"total": 1, "tested": 1},
    "test_cases": {"generated": 50, "with_failures": 0, "errored": 0},
    "failures": [],
    "errors": [],
}


def verdict(*statuses: int, **changes: Any) -> Verdict:
    return Verdict(GOOD | changes, Answers({(ME, status) for status in statuses}, ()))


def test_a_good_run_has_nothing_against_it() -> None:
    assert verdict(200, 401).complaints({ME}) == []
    assert verdict(200, 401).summary == "fuzz: 1 operations, 50 cases, 0 failures"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"failures": [{"title": "Server error", "operations": [ME]}]}, "Server error"),
        ({"errors": [{"title": "Hook Error", "count": 1}]}, "Hook Error"),
        ({"complete": False, "stop_reason": "interrupted"}, "interrupted"),
        ({"operations": {"total": 1, "tested": 0}}, "only 0 of 1"),
        ({"test_cases": {"generated": 9, "with_failures": 0, "errored": 0}}, "only 9 cases"),
        ({"test_cases": {"generated": 50, "with_failures": 0, "errored": 2}}, "2 cases"),
    ],
)
def test_a_run_that_found_or_tried_something_amiss(change: dict[str, Any], complaint: str) -> None:
    (said,) = verdict(200, **change).complaints({ME})
    assert complaint in said


def test_an_operation_that_only_refuses_was_not_tried() -> None:
    assert verdict(401, 422).complaints({ME}) == [f"nothing but refusals: {ME}"]


def test_what_is_beyond_the_fuzzer_is_there_and_shown_elsewhere() -> None:
    named = {row.split(",")[0] for row in POLICY.read_text("utf-8").splitlines()[1:]}
    assert set(BEYOND) <= named
    assert all((ROOT / shown).exists() for shown in BEYOND.values())


def test_a_fault_counts_even_if_the_fuzzer_did_not_see_it() -> None:
    assert verdict(200, 500).complaints({ME}) == [f"the server failed: {ME}"]
