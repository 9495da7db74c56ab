"""Clocks beside a case's own move with calendar and limits too, and whoever filed it reads so."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.areas.service import working_calendar
from app.calendar.deadlines import LimitUnit, deadline
from app.clock import SHANGHAI
from app.database import read, transaction, write
from community.requests.clock import sweeps
from community.requests.clock.sweeps import reckon_again
from community.rules.registers import forget_all
from tests.api.cases.beside import BEGINNINGS, begun
from tests.api.cases.living import Case, rules
from tests.people import Caller

BATCH = 98


@pytest.fixture
def holiday(app: Flask) -> Iterator[Callable[[], None]]:
    """Let a test publish that the next thirty days are days of rest."""

    def publish() -> None:
        first = clock.today() + timedelta(days=1)
        with transaction():
            for n in range(30):
                day = {"day": first + timedelta(days=n), "batch": BATCH}
                write("DELETE FROM calendar_day WHERE day = %(day)s", day)
                write("INSERT INTO calendar_day VALUES (%(day)s, 'rest', '假', %(batch)s)", day)
        working_calendar.forget()

    kept = read("SELECT * FROM calendar_day")
    yield publish
    with transaction():
        write("DELETE FROM calendar_day")
        for row in kept:
            values = ", ".join(f"%({name})s" for name in row._fields)
            write(f"INSERT INTO calendar_day VALUES ({values})", row._asdict())
    working_calendar.forget()


def told(case: Case, who: Caller, stage: str) -> list[dict[str, Any]]:
    return [each for each in case.entries(who, "reckon") if each["facts"].get("of") == stage]


@pytest.mark.parametrize("stage", BEGINNINGS)
def test_a_published_calendar_moves_it(
    stage: str,
    own_rules: None,
    holiday: Callable[[], None],
    resident: Caller,
    worker: Caller,
) -> None:
    case, sql = begun(stage, resident, worker)
    before = read(sql)[0]
    assert before.calendar_version == working_calendar.get().version
    version = case.row.version
    reckon_again()
    assert told(case, resident, stage) == []
    holiday()
    reckon_again()
    after = read(sql)[0]
    unit = LimitUnit(after.limit_unit)
    right = deadline(after.began, after.limit_count, unit, working_calendar.get())
    assert after.due_at == right.due_at > before.due_at
    assert after.calendar_version == working_calendar.get().version != before.calendar_version
    entry = told(case, resident, stage)[0]
    assert entry["facts"]["was"] == before.due_at.isoformat()
    assert "The calendar or the limit of the matter changed." in entry["words"]["en"]
    assert case.row.version >= version
    reckon_again()
    assert len(told(case, resident, stage)) == 1


@pytest.mark.parametrize("stage", BEGINNINGS)
def test_a_changed_limit_moves_it(
    stage: str, own_rules: None, resident: Caller, worker: Caller
) -> None:
    case, sql = begun(stage, resident, worker)
    row = {"sid": "NEW", "stage": stage, "count": 77, "unit": "hours", "legal_basis": "b"}
    rules("matter_limit", **row, pausable=False, valid_from="2024-01-01", matter_code="RUBBISH")
    reckon_again()
    after = read(sql)[0]
    assert (after.limit_count, after.limit_unit) == (77, "hours")
    assert after.due_at == after.began + timedelta(hours=77)
    assert len(told(case, resident, stage)) == 1


def test_a_review_moves_though_its_case_is_not_open(
    own_rules: None, holiday: Callable[[], None], resident: Caller, staff: Caller
) -> None:
    case = Case(resident)
    case.done(staff, "declining", {"reason": "CONCLUDED", "note": "已有结论"})
    case.done(resident, "contest", {"words": "情况不同"})
    row = {"sid": "NEW", "stage": "review", "count": 3, "unit": "working_days", "legal_basis": "b"}
    rules("matter_limit", **row, pausable=False, valid_from="2024-01-01", matter_code="RUBBISH")
    for published in (False, True):
        before = read("SELECT * FROM request_decline")[0]
        if published:
            holiday()
        reckon_again()
        after = read("SELECT * FROM request_decline")[0]
        unit, calendar = LimitUnit.WORKING_DAYS, working_calendar.get()
        assert after.due_at == deadline(after.contested_at, 3, unit, calendar).due_at
        assert after.due_at != before.due_at
    entries = told(case, resident, "review")
    assert len(entries) == 2
    assert "Until when it should be reviewed:" in entries[0]["words"]["en"]
    assert case.row.state == "reviewing"


def test_the_limit_for_claiming_moves_and_so_does_the_next_rung(
    own_rules: None, resident: Caller
) -> None:
    case = Case(resident)
    before = case.row
    assert before.claim_from == before.clock_from
    with transaction():
        write("UPDATE matter_limit SET count = 1, unit = 'hours' WHERE stage = 'claim'")
    forget_all()
    reckon_again()
    after = case.row
    assert after.claim_due_at == after.claim_from + timedelta(hours=1) != before.claim_due_at
    assert after.next_rung_at < before.next_rung_at
    assert (after.deadline_at, after.version) == (before.deadline_at, before.version)
    assert "Until when it should be claimed:" in told(case, resident, "claim")[0]["words"]["en"]
    reckon_again()
    assert len(told(case, resident, "claim")) == 1


def test_what_is_decided_is_left_alone(
    own_rules: None, resident: Caller, worker: Caller, staff: Caller
) -> None:
    case, sql = begun("adjudicate", resident, worker)
    case.done(staff, "adjudication", {"decision": "reject", "note": "属你单位"})
    before = read(sql)[0]
    row = {"sid": "NEW", "stage": "adjudicate", "count": 77, "unit": "hours", "legal_basis": "b"}
    rules("matter_limit", **row, pausable=False, valid_from="2024-01-01", matter_code="RUBBISH")
    reckon_again()
    assert read(sql)[0] == before


def test_many_go_in_batches_and_none_is_left(
    own_rules: None,
    resident: Caller,
    worker: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 2)
    for _ in range(5):
        begun("help", resident, worker)
    with transaction():
        write("UPDATE request_task SET calendar_version = NULL, due_at = now()")  # as of old
    assert reckon_again() == 5
    today = clock.now().astimezone(SHANGHAI).date()
    for row in read("SELECT * FROM request_task"):
        assert row.calendar_version == working_calendar.get().version
        assert row.due_at.date() > today
    assert reckon_again() == 0
