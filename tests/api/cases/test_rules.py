"""The rules of a case are data: dated, with their basis, read by everybody, printed as a page."""

from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.calendar.deadlines import LimitUnit
from app.database import transaction, write
from community.requests.clock.sweeps import reckon_again
from community.requests.lifecycle import State
from community.requests.lifecycle.diagram import page
from community.rules.stages import Stage
from tests.api.cases.living import DAY, Case, now_is, rules
from tests.people import Caller
from tests.surroundings import ROOT

LIMITS = "/api/v1/rules/limits?matter=RUBBISH"
OURS = {"stage": "settle", "unit": "hours", "pausable": False, "matter_code": "RUBBISH"}


def settling(nobody: Caller) -> list[tuple[int, str]]:
    """Return how long settling may take as everybody reads it, with the basis."""
    items = nobody.get(LIMITS).json["items"]  # type: ignore[index]
    return [
        (each["count"], each["legal_basis"])
        for each in items
        if each["stage"] == "settle" and each["legal_basis"].startswith("试行")
    ]


@pytest.fixture
def two_limits(own_rules: None) -> None:
    """Three hours up to yesterday, eight from today on."""
    today = clock.today()
    with transaction():
        write("DELETE FROM matter_limit WHERE matter_code = 'RUBBISH' AND stage = 'settle'")
    first = {"sid": "A", "count": 3, "legal_basis": "试行一", "valid_from": "2024-01-01"}
    rules("matter_limit", **OURS, **first, valid_to=today)
    rules("matter_limit", **OURS, sid="B", count=8, legal_basis="试行二", valid_from=today)


def test_a_limit_counts_from_its_day_to_its_end_and_a_case_keeps_that_of_its_dispatch(
    two_limits: None, resident: Caller, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        now_is(patch, clock.now() - DAY)
        assert settling(nobody) == [(3, "试行一")]
        before = Case(resident)
    assert settling(nobody) == [(8, "试行二")]
    after = Case(resident)
    reckon_again()
    for case, hours in ((before, 3), (after, 8)):
        row = case.row
        assert (row.limit_count, row.limit_unit) == (hours, "hours")
        assert row.deadline_at == row.clock_from + timedelta(hours=hours)


def test_every_limit_names_its_stage_unit_and_basis(nobody: Caller) -> None:
    items = nobody.get(LIMITS).json["items"]  # type: ignore[index]
    assert items
    for each in items:
        assert each["legal_basis"].strip()
        assert each["stage"] in set(Stage)
        assert each["unit"] in set(LimitUnit)
        assert each["count"] >= 1


def test_a_command_prints_the_life_of_a_case_as_the_pages_have_it(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["requests", "lifecycle"])
    assert printed.exit_code == 0, printed.output
    assert printed.output == page()
    assert printed.output == (ROOT / "docs" / "requests" / "lifecycle.md").read_text("utf-8")
    diagram = printed.output.split("```mermaid")[1].split("```")[0]
    assert all(state in diagram for state in State)
