"""A run of the fuzzer counts only if it really tried."""

import json
from typing import Any

import pytest

from tests.fuzz.answers import Answers
from tests.fuzz.beyond import BEYOND
from tests.fuzz.excuses import JUDGED_BY_RULES, is_excused
from tests.fuzz.fields import fields_by_operation
from tests.fuzz.verdict import Verdict
from tests.surroundings import ROOT

ME = "identity.show_me"
POLICY = ROOT / "docs" / "policy.csv"
OPENAPI = ROOT / "docs" / "openapi.json"
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


def test_two_short_runs_are_one_that_is_long_enough() -> None:
    few = {"test_cases": {"generated": 30, "with_failures": 0, "errored": 0}}
    short, other = verdict(401, **few), verdict(200, **few)
    assert short.is_starved
    assert not short.with_more(other).is_starved
    assert short.with_more(other).complaints({ME}) == []


def test_what_any_of_two_runs_found_is_found() -> None:
    amiss: dict[str, Any] = {"failures": [{"title": "Server error", "operations": [ME]}]}
    for first, second in (({}, amiss), (amiss, {})):
        both = verdict(200, **first).with_more(verdict(200, **second))
        assert both.complaints({ME}) == [f"Server error: {ME}"]
    ended: dict[str, Any] = {"complete": False, "stop_reason": "interrupted"}
    for first, second in (({}, ended), (ended, {})):
        (said,) = verdict(200, **first).with_more(verdict(200, **second)).complaints({ME})
        assert "interrupted" in said


def test_what_is_beyond_the_fuzzer_is_there_and_shown_elsewhere() -> None:
    named = {row.split(",")[0] for row in POLICY.read_text("utf-8").splitlines()[1:]}
    assert set(BEYOND) <= named
    assert all((ROOT / shown).exists() for shown in BEYOND.values())


def test_what_is_on_the_list_and_succeeds_is_told() -> None:
    assert verdict(200).more_than_expected({ME, "identity.nothing"}) == [ME]
    assert verdict(403).more_than_expected({ME}) == []


def test_every_excuse_is_for_a_field_that_its_operation_has() -> None:
    fields = fields_by_operation(json.loads(OPENAPI.read_text("utf-8")))
    for operation, pointers in JUDGED_BY_RULES.items():
        assert pointers <= fields[operation], operation


@pytest.mark.parametrize(
    ("operation", "pointers", "excused"),
    [
        ("ways.set_password", {"/password"}, True),
        ("sign_in.begin_session", {"/password"}, False),
        ("ways.set_password", {"/password", "/phone"}, False),
        ("notices.draft_notice", {"/audience/polygon/coordinates/0"}, True),
        ("ways.set_password", {"/audience/polygon"}, False),
        ("ways.set_password", set(), False),
    ],
)
def test_an_excuse_is_one_operations_and_one_fields(
    operation: str, pointers: set[str], excused: bool
) -> None:
    assert is_excused(operation, {"type": "urn:linli:problem:invalid"}, pointers) is excused


def test_a_fault_counts_even_if_the_fuzzer_did_not_see_it() -> None:
    assert verdict(200, 500).complaints({ME}) == [f"the server failed: {ME}"]
