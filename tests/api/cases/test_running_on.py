"""A clock that stood still runs on, whichever way the case goes, and whoever filed it reads so."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from app.clock import SHANGHAI
from tests.api.cases.living import DAY, Case, handler, now_is
from tests.people import Caller, Person

Client = Callable[[Person], Caller]
FRIDAY = datetime(2026, 2, 13, 16, 0, tzinfo=SHANGHAI)
BODIES: dict[str, Any] = {
    "supplement": {"words": "见附件"},
    "release": {"reason": "请假"},
    "dispatch": {"department": "SVC", "reason": "改由服务中心办理"},
    "designation": {"department": "SVC", "reason": "指定承办"},
}


@pytest.fixture
def waiting(resident: Caller, sign_in: Client, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Return a case whose clock has stood still for two days."""
    now_is(monkeypatch, FRIDAY)
    case, civil = Case(resident, matter="SUBSIDY"), sign_in(handler("CIV"))
    case.done(civil, "claim")
    case.done(civil, "supplement-wanted", {"wanted": "户主身份证明"})
    now_is(monkeypatch, FRIDAY + 2 * DAY)
    return case


def last_told(case: Case, who: Caller) -> dict[str, Any]:
    """Return the newest entry that tells a deadline."""
    entries: list[dict[str, Any]] = case.seen(who)["timeline"]
    return [each for each in entries if "clock" in each["facts"]][-1]


def runs_on(case: Case, before: datetime, resident: Caller) -> None:
    row, entry = case.row, last_told(case, resident)
    assert (row.paused_at, row.paused_seconds) == (None, 2 * 86_400)
    assert row.deadline_at == before + 2 * DAY
    assert row.next_rung_at is not None
    assert datetime.fromisoformat(entry["facts"]["clock"]["due"]) == row.deadline_at
    assert "The clock stood still for 48 hours." in entry["words"]["en"]
    assert "等待补充期间不计时,共48小时。" in entry["words"]["zh"]


@pytest.mark.parametrize("deed", BODIES)
def test_it_runs_on_whatever_is_done_with_the_case(
    deed: str, waiting: Case, resident: Caller, staff: Caller, sign_in: Client
) -> None:
    before = waiting.row.deadline_at
    by = {"supplement": resident, "release": sign_in(handler("CIV"))}
    waiting.done(by.get(deed, staff), deed, BODIES[deed])
    runs_on(waiting, before, resident)


def test_it_runs_on_when_the_case_comes_out_of_another(
    waiting: Case, resident: Caller, staff: Caller
) -> None:
    before, master = waiting.row.deadline_at, Case(resident, matter="SUBSIDY")
    waiting.done(staff, "merge", {"into": master.id, "reason": "同一事项"})
    assert waiting.row.paused_at is not None
    waiting.done(staff, "unmerge", {"reason": "并非同一事项"})
    runs_on(waiting, before, resident)
