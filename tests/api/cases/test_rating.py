"""Ratings, what a bad one leads to, and coming back when it is not settled after all."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import uuid_utils.compat as uuids
from flask import Flask

from app import clock
from app.database import read, transaction, write
from community.rules.registers import forget_all
from tests.api.cases.living import Case, handler, settled, slug
from tests.files.pictures import photo
from tests.people import NEIGHBOUR, SECOND_STAFF, Caller, Person, account_of, staff_with

Client = Callable[[Person], Caller]
UNSETTLED = {"outcome": "unsettled", "note": "现场仍有堆物"}
VISITED = {"outcome": "settled", "note": "已核实"}


@pytest.fixture
def case(resident: Caller, worker: Caller) -> Case:
    """Return a case that was settled."""
    made = Case(resident)
    settled(made, worker)
    return made


def rate(case: Case, who: Caller, stars: int, words: str | None = None) -> Any:
    return who.post(f"{case.path}/rating", {"stars": stars, "words": words})


class TestRating:
    """Five levels, once a round, never by default, and not told to who handled it."""

    def test_a_handler_never_reads_what_it_was_rated(
        self, case: Case, resident: Caller, worker: Caller, staff: Caller
    ) -> None:
        rate(case, resident, 4, "还行")
        assert case.seen(resident)["stars"] == 4
        for other in (worker, staff):
            shown = case.seen(other)
            assert shown["stars"] is None
            assert "rate" not in [each["step"] for each in shown["timeline"]]
            assert "还行" not in str(shown)

    def test_a_good_rating_opens_no_visit(self, case: Case, resident: Caller) -> None:
        assert rate(case, resident, 3).json["request"]["state"] == "rated"
        assert read("SELECT count(*) AS n FROM request_visit")[0].n == 0

    @pytest.mark.parametrize("stars", [1, 2])
    def test_a_bad_one_opens_a_visit_and_the_district_is_told(
        self, case: Case, resident: Caller, staff: Caller, stars: int
    ) -> None:
        assert rate(case, resident, stars, "只清了一半").json["request"]["state"] == "visiting"
        (visit,) = staff.get("/api/v1/requests/visits").json["items"]  # type: ignore[index]
        assert (visit["request_id"], visit["because"]) == (case.id, "bad-rating")
        assert visit["words"] == "只清了一半"
        assert visit["due_at"] > visit["opened_at"]
        assert slug(rate(case, resident, 5)) == "already-rated"


class TestVisit:
    """Somebody who had no hand in it looks again; what is not settled is worked again."""

    def test_it_is_worked_again_with_a_new_deadline_and_rated_again(
        self, case: Case, resident: Caller, worker: Caller, staff: Caller
    ) -> None:
        rate(case, resident, 1)
        before = case.row
        shown = case.done(staff, "visit", UNSETTLED)
        row = case.row
        assert (shown["request"]["state"], row.round, row.claimed_by) == (
            "claimed",
            2,
            before.claimed_by,
        )
        assert (row.settled_at, row.result) == (None, None)
        assert row.clock_from > before.clock_from
        assert (row.limit_stage, row.limit_count, row.limit_unit) == ("rework", 5, "working_days")
        words = case.entries(resident, "rework")[0]["words"]["en"]
        assert "5 working days" in words
        assert slug(rate(case, resident, 5)) == "step-refused"
        case.done(worker, "settlement", {"result": "solved", "note": "重新清理"})
        assert rate(case, resident, 5).json["request"]["state"] == "rated"
        assert slug(rate(case, resident, 4)) == "already-rated", "once after rework"
        stars = read("SELECT round, stars FROM rating ORDER BY round")
        assert [tuple(each) for each in stars] == [(1, 1), (2, 5)]
        kinds = [each.kind for each in read("SELECT kind FROM outbox ORDER BY seq")]
        assert "request-reworked" in kinds

    def test_what_is_settled_stays_so(self, case: Case, resident: Caller, staff: Caller) -> None:
        rate(case, resident, 2)
        assert case.done(staff, "visit", VISITED)["request"]["state"] == "rated"
        assert staff.get("/api/v1/requests/visits").json == {"items": [], "next": None}

    def test_who_handled_it_does_not_visit_it(
        self, case: Case, resident: Caller, staff: Caller, worker: Caller, sign_in: Client
    ) -> None:
        rate(case, resident, 1)
        assert case.step(worker, "visit", VISITED).status_code == 403
        with transaction():
            write(
                "INSERT INTO request_event (request_id, at, step, account_id, facts)"
                " VALUES (%(id)s, now(), 'contact', %(me)s, '{}')",
                {"id": case.id, "me": account_of(staff_with("district_staff", area="DDHT"))},
            )
        assert slug(case.step(staff, "visit", VISITED)) == "own-work"
        assert case.step(sign_in(SECOND_STAFF), "visit", VISITED).status_code == 200

    def test_who_fails_twice_is_supervised_at_once(
        self, case: Case, resident: Caller, worker: Caller, staff: Caller
    ) -> None:
        rate(case, resident, 1)
        case.done(staff, "visit", UNSETTLED)
        assert case.row.rung == 0
        case.done(worker, "settlement", {"result": "solved", "note": "好"})
        rate(case, resident, 1)
        case.done(staff, "visit", UNSETTLED)
        found = [tuple(row) for row in read("SELECT round, rung, tells FROM request_rung")]
        assert (found, case.row.round, case.row.rung) == ([(3, 3, "staff")], 3, 3)
        assert case.entries(resident, "supervise")[0]["facts"]["name"] == "督办"
        assert case.row.next_rung_at > case.row.deadline_at

    def test_staff_may_look_at_any_settled_case(self, case: Case, staff: Caller) -> None:
        assert (
            case.done(staff, "visit-wanted", {"reason": "抽查"})["request"]["state"] == "visiting"
        )
        assert case.done(staff, "visit", VISITED)["request"]["state"] == "settled"

    def test_an_open_case_is_not_visited(self, resident: Caller, staff: Caller) -> None:
        assert slug(Case(resident).step(staff, "visit", VISITED)) == "step-refused"


class TestReopening:
    """The filer may come back within the district's term."""

    def test_it_goes_to_the_unit_again_with_a_new_deadline(
        self, case: Case, resident: Caller, worker: Caller
    ) -> None:
        shown = case.done(resident, "reopening", {"reason": "又堆满了"})
        assert (shown["request"]["state"], case.row.round) == ("dispatched", 2)
        assert case.row.claimed_by is None
        assert case.done(worker, "claim")["claimed_by_me"]

    def test_after_the_term_it_is_over(self, case: Case, resident: Caller) -> None:
        with transaction():
            write("UPDATE service_request SET reopen_until = now() - interval '1 second'")
        refused = case.step(resident, "reopening", {"reason": "x"})
        assert (slug(refused), "reopen" in refused.json["legal"]) == ("step-refused", False)

    def test_nobody_else_does(self, case: Case, worker: Caller) -> None:
        assert slug(case.step(worker, "reopening", {"reason": "x"})) == "not-yours"

    def test_the_term_is_data_of_the_district(self, case: Case) -> None:
        days = (case.row.reopen_until - case.row.settled_at).days
        assert 30 <= days <= 45  # thirty calendar days, and the roll of 民法典 203


class TestDispute:
    """A neighbour who follows may say with a photo that it is not settled."""

    def test_only_who_follows_and_only_with_a_photo_of_theirs(
        self, case: Case, sign_in: Client
    ) -> None:
        neighbour = sign_in(NEIGHBOUR)
        body = {"words": "并未清理", "photo": str(uuid.uuid4())}
        assert slug(neighbour.post(f"{case.path}/dispute", body)) == "not-found"
        assert neighbour.post(f"{case.path}/follow").status_code == 204
        assert slug(neighbour.post(f"{case.path}/dispute", {"words": "x"})) == "invalid"
        assert slug(neighbour.post(f"{case.path}/dispute", body)) == "file-unknown"
        assert case.row.state == "settled"

    def test_with_a_photo_it_is_visited(
        self, case: Case, sign_in: Client, staff: Caller, resident: Caller
    ) -> None:
        neighbour, key = sign_in(NEIGHBOUR), uuids.uuid7()
        kept = neighbour.put(f"/api/v1/files/photos/{key}", data=photo(), content_type="image/jpeg")
        assert kept.status_code == 201, kept.json
        neighbour.post(f"{case.path}/follow")
        body = {"words": "并未清理", "photo": str(key)}
        assert neighbour.post(f"{case.path}/dispute", body).status_code == 204
        (visit,) = staff.get("/api/v1/requests/visits").json["items"]  # type: ignore[index]
        assert (visit["because"], visit["words"]) == ("dispute", "并未清理")
        assert slug(neighbour.post(f"{case.path}/dispute", body)) == "step-refused"
        case.done(staff, "visit", UNSETTLED)
        assert (case.row.state, case.row.round) == ("claimed", 2)
        assert "account" not in str(case.entries(resident, "dispute")[0]["facts"])


class TestSatisfaction:
    """A rate is of ratings that were given."""

    def test_missing_ratings_count_for_nothing_and_few_are_not_told(
        self, resident: Caller, worker: Caller, staff: Caller
    ) -> None:
        today = clock.today().isoformat()
        path = f"/api/v1/requests/satisfaction?since={today}&until={today}"
        for stars in (5, 4, 3, 1):
            made = Case(resident)
            settled(made, worker)
            rate(made, resident, stars)
        for _ in range(3):  # settled, and never rated
            settled(Case(resident), worker)
        few = staff.get(path).json
        nothing: dict[str, Any] = {"satisfied": None, "bad": None, "rate": None, "reasons": []}
        assert few == {"rated": 4, **nothing}
        made = Case(resident)
        settled(made, worker)
        rate(made, resident, 5)
        told = {"rated": 5, "satisfied": 4, "bad": 1, "rate": 0.8, "reasons": []}
        assert staff.get(path).json == told
        assert staff.get(f"{path}&matter=WAGES").json["rated"] == 0  # type: ignore[index]
        assert worker.get(f"{path}&department=URB").json["rated"] == 5  # type: ignore[index]


def test_a_department_sees_nothing_of_others(app: Flask, case: Case, sign_in: Client) -> None:
    today = clock.today().isoformat()
    answer = sign_in(handler("PUB")).get(
        f"/api/v1/requests/satisfaction?since={today}&until={today}"
    )
    assert answer.json["rated"] == 0  # type: ignore[index]


class TestReasons:
    """What is ticked beside a level is of the national list, as it is on that day."""

    def test_those_of_the_level_are_kept_and_others_refused(
        self, resident: Caller, worker: Caller
    ) -> None:
        listed = resident.get("/api/v1/rules/rating-reasons").json["items"]  # type: ignore[index]
        assert {each["stars"] for each in listed} == {1, 2, 3, 4, 5}
        assert all("GB/T 39735" in each["legal_basis"] for each in listed)
        case = Case(resident)
        settled(case, worker)
        for wrong in (["209"], ["517", "NONE"]):
            refused = case.step(resident, "rating", {"stars": 5, "reasons": wrong})
            assert slug(refused) == "rating-reason-unknown"
        assert read("SELECT 1 FROM rating") == []
        case.done(resident, "rating", {"stars": 5, "reasons": ["517", "515", "517"]})
        assert read("SELECT reasons FROM rating")[0].reasons == ["515", "517"]
        assert case.entries(resident, "rate")[0]["facts"]["reasons"] == ["515", "517"]
        assert case.entries(worker, "rate") == []

    def test_one_that_has_ended_is_offered_no_more(
        self, own_rules: None, resident: Caller, worker: Caller
    ) -> None:
        case = Case(resident)
        settled(case, worker)
        with transaction():
            write("UPDATE rating_reason SET valid_to = '2025-01-01' WHERE code = '517'")
        forget_all()
        codes = [
            each["code"]
            for each in resident.get("/api/v1/rules/rating-reasons").json["items"]  # type: ignore[index]
        ]
        assert "517" not in codes
        assert "516" in codes
        refused = case.step(resident, "rating", {"stars": 5, "reasons": ["517"]})
        assert slug(refused) == "rating-reason-unknown"

    def test_they_are_counted_from_five_times_on(
        self, resident: Caller, worker: Caller, staff: Caller
    ) -> None:
        today = clock.today().isoformat()
        path = f"/api/v1/requests/satisfaction?since={today}&until={today}"
        for n in range(6):
            case = Case(resident)
            settled(case, worker)
            ticked = ["517", "515"] if n < 4 else ["517"]
            case.done(resident, "rating", {"stars": 5, "reasons": ticked})
            counted = staff.get(path).json
            assert counted is not None
            expected = [{"code": "517", "stars": 5, "n": n + 1}] if n >= 4 else []
            assert counted["reasons"] == expected
