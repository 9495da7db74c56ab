"""What is not taken is told with reason and place to turn to, and looked at again by another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.clock import SHANGHAI
from app.database import read
from community.requests.lifecycle import OPEN
from tests.api.cases.living import DAY, Case, now_is, rules, settled, slug
from tests.people import (
    NEIGHBOUR,
    RESIDENT,
    SECOND_STAFF,
    STAFF,
    Caller,
    Person,
    account_of,
    staff_with,
)
from tests.requests_of import NEW, PLACE

Client = Callable[[Person], Caller]
WHY = {"reason": "CONCLUDED", "note": "同一处堆物上月已清理并告知"}
OBJECTION = {"words": "上次是二楼,这次是五楼"}
TAKE, DECLINE = {"outcome": "take", "note": "属新情况"}, {"outcome": "decline", "note": "同一处"}
FRIDAY = datetime(2026, 2, 13, 10, 0, tzinfo=SHANGHAI)


def clerk_here() -> Person:
    return staff_with("desk_clerk", area="DDHT-XQ-LT")


@pytest.fixture
def second(sign_in: Client) -> Caller:
    return sign_in(SECOND_STAFF)


@pytest.fixture
def declined(resident: Caller, staff: Caller) -> Case:
    case = Case(resident)
    case.done(staff, "declining", WHY)
    return case


def test_the_filer_reads_why_by_which_rule_where_to_turn_and_until_when_to_object(
    declined: Case, resident: Caller
) -> None:
    shown = declined.seen(resident)
    assert shown["request"]["state"] == "declined"
    entry = declined.entries(resident, "decline")[0]
    assert entry["note"] == WHY["note"]
    assert entry["facts"]["reason"] == "CONCLUDED"
    assert "依据:区级受理规定" in entry["words"]["zh"]
    assert "请查看原办理结论" in entry["words"]["zh"]
    assert "See the conclusion that was given." in entry["words"]["en"]
    until = datetime.fromisoformat(entry["facts"]["contest_until"])
    last = (until - timedelta(seconds=1)).astimezone(SHANGHAI)
    assert f"{last.month}月{last.day}日" in entry["words"]["zh"]
    assert read("SELECT 1 FROM outbox WHERE kind = 'request-declined'")


def test_only_staff_of_the_area_decline_and_only_by_a_listed_reason(
    resident: Caller, worker: Caller, staff: Caller
) -> None:
    case = Case(resident)
    assert slug(case.step(worker, "declining", WHY)) == "role-not-allowed"
    assert slug(case.step(staff, "declining", {**WHY, "reason": "TOO-HARD"})) == "reason-unknown"
    assert slug(case.step(staff, "declining", WHY, version=9)) == "stale-version"
    assert case.row.state == "dispatched"
    assert not read("SELECT 1 FROM request_decline")


def test_what_is_being_handled_or_was_settled_once_is_taken(
    resident: Caller, worker: Caller, staff: Caller
) -> None:
    held, done = Case(resident), Case(resident)
    held.done(worker, "claim")
    assert slug(held.step(staff, "declining", WHY)) == "step-refused"
    settled(done, worker)
    done.done(resident, "reopening", {"reason": "又堆满了"})
    refused = done.step(staff, "declining", WHY)
    assert (slug(refused), refused.json["flags"]) == ("step-refused", ["worked"])


def test_after_the_term_of_the_law_it_is_taken(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_is(monkeypatch, FRIDAY)
    case = Case(sign_in(RESIDENT))
    now_is(monkeypatch, FRIDAY + 40 * DAY)
    refused = case.step(sign_in(STAFF), "declining", WHY)
    assert slug(refused) == "window-closed"
    assert case.row.state == "dispatched"


def test_the_term_is_the_districts_where_it_has_said_so(
    own_rules: None, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"sid": "A", "stage": "accept", "count": 1, "unit": "hours", "legal_basis": "b"}
    rules("matter_limit", **row, pausable=False, valid_from="2024-01-01")
    now_is(monkeypatch, FRIDAY)
    case = Case(sign_in(RESIDENT))
    now_is(monkeypatch, FRIDAY + timedelta(hours=2))
    assert slug(case.step(sign_in(STAFF), "declining", WHY)) == "window-closed"


def test_it_is_neither_open_nor_settled_nor_rated_nor_climbed(
    declined: Case, resident: Caller, worker: Caller, staff: Caller, sign_in: Client
) -> None:
    assert declined.row.state not in OPEN
    assert (declined.row.settled_at, declined.row.next_rung_at) == (None, None)
    assert slug(declined.step(worker, "claim")) == "step-refused"
    assert slug(declined.step(resident, "rating", {"stars": 1})) == "step-refused"
    near = f"/api/v1/requests?near={PLACE[0]},{PLACE[1]}&crs=wgs84"
    assert sign_in(NEIGHBOUR).get(near).json["items"] == []  # type: ignore[index]
    today = clock.today().isoformat()
    counted = staff.get(f"/api/v1/requests/satisfaction?since={today}&until={today}").json
    assert counted is not None
    assert counted["rated"] == 0


def test_what_no_unit_has_is_declined_too_and_waits_for_one_when_it_is_taken_after_all(
    resident: Caller, staff: Caller, second: Caller
) -> None:
    case = Case(resident, matter="HEAT-COLD", complaint_about={"department": "PUB"})
    assert (case.row.state, case.row.department_code) == ("filed", None)
    case.done(staff, "declining", WHY)
    case.done(resident, "contest", OBJECTION)
    refused = case.step(staff, "dispatch", {"department": "SVC", "reason": "改派"})
    assert slug(refused) == "step-refused"
    assert case.done(second, "review", TAKE)["request"]["state"] == "filed"
    assert (case.row.department_code, case.row.next_rung_at is None) == (None, False)
    case.done(second, "dispatch", {"department": "SVC", "reason": "涉及承办单位"})
    assert (case.row.state, case.row.department_code) == ("dispatched", "SVC")


class TestReview:
    """One review, by a second person, where the filer objects."""

    def test_taken_its_clock_begins_and_it_can_be_claimed(
        self, declined: Case, resident: Caller, staff: Caller, second: Caller, worker: Caller
    ) -> None:
        before = declined.row.deadline_at
        contested = declined.done(resident, "contest", OBJECTION)
        assert contested["request"]["state"] == "reviewing"
        listed = second.get("/api/v1/requests/reviews").json["items"]  # type: ignore[index]
        assert [(each["request_id"], each["words"]) for each in listed] == [
            (declined.id, OBJECTION["words"])
        ]
        assert slug(declined.step(staff, "review", TAKE)) == "own-work"
        shown = declined.done(second, "review", TAKE)
        assert shown["request"]["state"] == "dispatched"
        row = declined.row
        assert row.deadline_at >= before
        assert row.clock_from > row.filed_at
        assert "clock" in declined.entries(resident, "take-up")[0]["facts"]
        assert second.get("/api/v1/requests/reviews").json["items"] == []  # type: ignore[index]
        refused = declined.step(second, "declining", WHY)
        assert (slug(refused), refused.json["flags"]) == ("step-refused", ["reviewed"])
        declined.done(worker, "claim")

    def test_confirmed_it_is_over_and_told(
        self, declined: Case, resident: Caller, second: Caller
    ) -> None:
        declined.done(resident, "contest", OBJECTION)
        declined.done(second, "review", DECLINE)
        assert declined.row.state == "declined"
        assert declined.entries(resident, "confirm-decline")[0]["note"] == "同一处"
        assert slug(declined.step(resident, "contest", OBJECTION)) == "step-refused"

    def test_nobody_objects_for_another(self, declined: Case, sign_in: Client) -> None:
        assert slug(declined.step(sign_in(NEIGHBOUR), "contest", OBJECTION)) == "not-found"
        assert slug(declined.step(sign_in(clerk_here()), "contest", OBJECTION)) == "not-yours"

    def test_after_the_term_nobody_objects(
        self, sign_in: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now_is(monkeypatch, FRIDAY)
        case = Case(sign_in(RESIDENT))
        case.done(sign_in(STAFF), "declining", WHY)
        now_is(monkeypatch, FRIDAY + 60 * DAY)
        late = case.step(sign_in(RESIDENT), "contest", OBJECTION)
        assert (slug(late), late.json["flags"]) == ("step-refused", ["reopening-over"])

    def test_a_clerk_objects_for_somebody_without_an_account(
        self, sign_in: Client, staff: Caller
    ) -> None:
        clerk = sign_in(clerk_here())
        filed: dict[str, Any] = {**NEW, "channel": "desk"}
        answer = clerk.post("/api/v1/requests/desk", filed)
        assert answer.status_code == 201, answer.json
        path = answer.headers["Location"]
        version = staff.get(path).json["request"]["version"]  # type: ignore[index]
        assert staff.post(f"{path}/declining", WHY, version=version).status_code == 200
        slip = clerk.get(f"{path}/slip").json["html"]  # type: ignore[index]
        assert "Not taken; you may object until" in slip
        objected = clerk.post(f"{path}/contest", OBJECTION, version=version + 1)
        assert objected.status_code == 200, objected.json

    def test_what_was_objected_is_sealed_under_the_filers_key(
        self, declined: Case, resident: Caller
    ) -> None:
        declined.done(resident, "contest", OBJECTION)
        sealed = bytes(read("SELECT words_sealed FROM request_decline")[0].words_sealed)
        assert sealed[1:17] == account_of(RESIDENT).bytes
