"""The clock of a case: it starts at dispatch, pauses where it may, and every change is told."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from flask import Flask

from app.areas.service import working_calendar
from app.calendar.deadlines import LimitUnit, deadline
from app.clock import SHANGHAI
from app.database import read, transaction, write
from community.catalogue.service import matters_of_today
from community.requests.clock import sweeps
from community.requests.clock.sweeps import reckon_again
from community.rules.deciding import limit_of
from community.rules.registers import forget_all, limits
from community.rules.stages import Stage
from tests.api.cases.living import DAY, Case, handler, now_is, rules, slug
from tests.people import Caller, Person

Client = Callable[[Person], Caller]
FRIDAY = datetime(2026, 2, 13, 16, 0, tzinfo=SHANGHAI)
PAUSABLE = {"matter": "SUBSIDY"}


@pytest.fixture
def subsidy(resident: Caller, sign_in: Client, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Return a case of ten working days whose clock may stand still, filed on 13 February."""
    now_is(monkeypatch, FRIDAY)
    return Case(resident, **PAUSABLE)


@pytest.fixture
def civil(sign_in: Client) -> Caller:
    return sign_in(handler("CIV"))


def test_a_resident_reads_in_plain_words_when_it_is_due(subsidy: Case, resident: Caller) -> None:
    words = subsidy.entries(resident, "dispatch")[0]["words"]
    assert "Sat 14 Feb is a working day, so day 1 is Saturday." in words["en"]
    assert "2月14日(周六)是调休工作日" in words["zh"]
    assert subsidy.row.deadline_at == datetime(2026, 3, 6, tzinfo=SHANGHAI)
    assert not subsidy.row.deadline_provisional


def test_it_starts_at_dispatch_and_signing_changes_nothing(subsidy: Case, civil: Caller) -> None:
    due = subsidy.row.deadline_at
    shown = subsidy.done(civil, "signature")
    assert (shown["request"]["state"], subsidy.row.deadline_at) == ("signed", due)
    again = subsidy.step(civil, "signature")
    assert (slug(again), again.json["legal"][0]) == ("step-refused", "claim")


def test_waiting_for_a_supplement_moves_the_deadline_where_the_matter_allows_it(
    subsidy: Case, resident: Caller, civil: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = subsidy.row.deadline_at
    subsidy.done(civil, "claim")
    asked = subsidy.done(civil, "supplement-wanted", {"wanted": "户主身份证明"})
    assert (asked["request"]["state"], asked["paused"]) == ("waiting", True)
    assert subsidy.row.next_rung_at is None
    now_is(monkeypatch, FRIDAY + 2 * DAY)
    shown = subsidy.done(resident, "supplement", {"words": "见附件"})
    assert (shown["request"]["state"], shown["paused"]) == ("claimed", False)
    assert (subsidy.row.deadline_at, subsidy.row.paused_seconds) == (due + 2 * DAY, 172_800)
    assert "stood still for 48 hours" in subsidy.entries(resident, "supplement")[0]["words"]["en"]
    assert [each["note"] for each in subsidy.entries(resident, "supplement")] == ["见附件"]


def test_where_the_matter_does_not_allow_it_the_clock_runs_on(
    resident: Caller, worker: Caller
) -> None:
    case = Case(resident)
    due = case.row.deadline_at
    case.done(worker, "claim")
    asked = case.done(worker, "supplement-wanted", {"wanted": "照片"})
    assert (asked["request"]["state"], asked["paused"]) == ("waiting", False)
    case.done(resident, "supplement", {"words": "在三楼"})
    assert (case.row.deadline_at, case.row.paused_seconds) == (due, 0)


def test_releasing_a_waiting_case_lets_its_clock_run_on(
    subsidy: Case, civil: Caller, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = subsidy.row.deadline_at
    subsidy.done(civil, "claim")
    subsidy.done(civil, "supplement-wanted", {"wanted": "证明"})
    now_is(monkeypatch, FRIDAY + DAY)
    subsidy.done(sign_in(handler("CIV")), "release", {"reason": "请假"})
    assert (subsidy.row.state, subsidy.row.paused_at) == ("dispatched", None)
    assert subsidy.row.deadline_at == due + DAY
    assert subsidy.row.next_rung_at is not None


def test_a_published_calendar_settles_what_was_provisional(app: Flask, resident: Caller) -> None:
    case = Case(resident, matter="WAGES")
    with transaction():
        write(
            "UPDATE service_request SET clock_from = '2026-12-28 10:00+08', calendar_version = ''"
        )
    assert reckon_again() == 1
    before = case.row
    assert (before.deadline_provisional, before.deadline_at.date()) == (True, date(2027, 1, 4))
    rest = [date(2027, 1, day) for day in (1, 2, 3, 4)]
    with transaction():
        for day in rest:
            write("INSERT INTO calendar_day VALUES (%(day)s, 'rest', '元旦', 99)", {"day": day})
    working_calendar.forget()
    try:
        assert (reckon_again(), reckon_again()) == (1, 0)
        after = case.row
        assert not after.deadline_provisional
        assert after.deadline_at == before.deadline_at + 2 * DAY
        assert after.version == before.version + 1
        words = case.entries(resident, "reckon")[1]["words"]
        assert "Fri 1 Jan to Mon 4 Jan are days of rest" in words["en"]
    finally:
        with transaction():
            write("DELETE FROM calendar_day WHERE batch = 99")


def test_a_changed_limit_moves_every_open_case_of_the_matter_in_batches(
    own_rules: None, resident: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 2)
    cases = [Case(resident, matter="ROAD-HOLE") for _ in range(5)]
    other = Case(resident)
    before = [case.row.deadline_at for case in (*cases, other)]
    with transaction():
        write("UPDATE matter_limit SET count = 9 WHERE matter_code = 'ROAD-HOLE' AND count = 7")
    limits.forget()
    assert (reckon_again(), reckon_again()) == (5, 0)
    assert other.row.deadline_at == before[-1]
    for case, was in zip(cases, before, strict=False):
        row = case.row
        unit = LimitUnit(row.limit_unit)
        assert row.deadline_at == deadline(row.clock_from, 9, unit, working_calendar.get()).due_at
        assert row.deadline_at > was
        assert len(case.entries(resident, "reckon")) == 1


@pytest.fixture
def own_catalogue(app: Flask) -> Iterator[Callable[[int], None]]:
    """Let a test give more days to a matter whose limit the catalogue alone has."""

    def give(days: int) -> None:
        with transaction():
            write("DELETE FROM matter_limit WHERE stage = 'settle'")
            write(
                "UPDATE matter SET limit_count = limit_count + %(days)s WHERE code = 'ROAD-HOLE'",
                {"days": days},
            )
        forget_all()
        matters_of_today.forget()

    yield give
    give(-2)


def test_a_limit_changed_in_the_catalogue_moves_the_cases_of_the_matter(
    own_rules: None, own_catalogue: Callable[[int], None], resident: Caller
) -> None:
    own_catalogue(0)
    case, other = Case(resident, matter="ROAD-HOLE"), Case(resident)
    sweeps.RECKONING.run()
    before, untouched = case.row, other.row
    sweeps.RECKONING.run()
    assert (case.row, other.row) == (before, untouched)
    own_catalogue(2)
    sweeps.RECKONING.run()
    after = case.row
    assert after.limit_count == before.limit_count + 2
    assert after.deadline_at > before.deadline_at
    assert (after.version, other.row) == (before.version + 1, untouched)
    words = case.entries(resident, "reckon")[0]["words"]
    assert "The calendar or the limit of the matter changed." in words["en"]
    assert f"{after.limit_count}个工作日" in words["zh"]


def test_the_limit_of_one_case_and_of_many_agree(own_rules: None, resident: Caller) -> None:
    """What SQL finds for the sweep is what the pure rule finds at dispatch: nothing to move."""
    matters = [row.code for row in read("SELECT code FROM matter WHERE level_required = 1")]
    cases = [Case(resident, matter=code) for code in matters]
    general = {"sid": "G", "stage": "settle", "count": 4, "unit": "hours", "legal_basis": "b"}
    rules("matter_limit", **general, pausable=True, valid_from="2024-01-01")
    reckon_again()
    for case in cases:
        row = case.row
        day = row.clock_from.astimezone(SHANGHAI).date()
        found = limit_of(limits.get(), row.matter_code, Stage.SETTLE, day)
        assert found is not None
        kept = (row.limit_count, row.limit_unit, row.pausable)
        assert kept == (found.count, found.unit, found.pausable), row.matter_code


class TestExtension:
    """More time is asked for once, before the deadline, and decided by somebody else."""

    ASK: ClassVar[dict[str, Any]] = {"count": 10, "because": "survey", "note": "需入户核查"}
    GRANT: ClassVar[dict[str, Any]] = {"decision": "grant", "note": "同意"}

    def test_granted_by_staff_it_follows_the_limit(
        self, subsidy: Case, resident: Caller, civil: Caller, staff: Caller
    ) -> None:
        subsidy.done(civil, "claim")
        assert slug(subsidy.step(civil, "extension", {**self.ASK, "count": 11})) == (
            "extension-not-allowed"
        )
        assert subsidy.done(civil, "extension", self.ASK)["extension"] == "asked"
        assert slug(subsidy.step(civil, "extension", self.ASK)) == "step-refused"
        assert slug(subsidy.step(civil, "extension/decision", self.GRANT)) == "not-yours"
        subsidy.done(staff, "extension/decision", self.GRANT)
        assert subsidy.row.deadline_at == datetime(2026, 3, 20, tzinfo=SHANGHAI)
        entry = subsidy.entries(resident, "extend")[0]
        assert entry["note"] == "同意"
        assert "An extension of 10 working days was granted." in entry["words"]["en"]
        assert slug(subsidy.step(civil, "extension", self.ASK)) == "step-refused"

    def test_refused_it_changes_nothing_and_is_told(
        self, subsidy: Case, resident: Caller, civil: Caller, staff: Caller
    ) -> None:
        subsidy.done(civil, "claim")
        due = subsidy.row.deadline_at
        subsidy.done(civil, "extension", self.ASK)
        subsidy.done(staff, "extension/decision", {"decision": "refuse", "note": "材料已齐"})
        assert subsidy.row.deadline_at == due
        assert subsidy.entries(resident, "refuse-extension")[0]["note"] == "材料已齐"

    def test_after_the_deadline_it_is_too_late(
        self, subsidy: Case, civil: Caller, sign_in: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subsidy.done(civil, "claim")
        now_is(monkeypatch, FRIDAY + timedelta(days=60))
        again = sign_in(handler("CIV"))
        assert slug(subsidy.step(again, "extension", self.ASK)) == "window-closed"

    def test_a_matter_without_a_rule_for_it_has_none(
        self, resident: Caller, worker: Caller
    ) -> None:
        case = Case(resident)
        case.done(worker, "claim")
        refused = case.step(worker, "extension", self.ASK)
        assert (slug(refused), refused.json["most"]) == ("extension-not-allowed", 0)


def test_the_worker_process_reckons_when_something_changed(app: Flask, resident: Caller) -> None:
    assert sweeps.RECKONING in app.extensions["linli.sweeps"]
    case = Case(resident)
    with transaction():
        write("UPDATE service_request SET calendar_version = 'old', deadline_at = now()")
    sweeps._complete["for"] = None
    assert sweeps.RECKONING.run() == 0
    assert case.row.calendar_version == working_calendar.get().version
    assert case.row.deadline_at > case.row.filed_at
