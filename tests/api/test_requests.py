"""The life of a service request, as those who file, claim, settle and rate it live it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.areas.service import working_calendar
from app.calendar.deadlines import LimitUnit, deadline
from app.database import read
from tests.crowd import at_once, posting
from tests.people import (
    NEIGHBOUR,
    NEWCOMER,
    RESIDENT,
    SECOND_WORKER,
    WORKER,
    Caller,
    Person,
    staff_with,
)
from tests.requests_of import GRID, NEW, PLACE, file
from tests.surroundings import owner

Client = Callable[[Person], Caller]


def path_of(detail: dict[str, Any], deed: str = "") -> str:
    tail = f"/{deed}" if deed else ""
    return f"/api/v1/requests/{detail['request']['id']}{tail}"


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def test_filing_finds_grid_unit_and_deadline(sign_in: Client) -> None:
    detail = file(sign_in(RESIDENT))
    found = detail["request"]
    assert (found["state"], found["grid_code"], found["handled_by"]) == ("dispatched", GRID, "grid")
    assert (round(found["lng"], 5), round(found["lat"], 5)) == PLACE
    assert [entry["step"] for entry in detail["timeline"]] == ["file", "dispatch"]
    assert detail["timeline"][1]["facts"]["grid"] == GRID
    kept = read("SELECT * FROM service_request")[0]
    matter = read("SELECT * FROM matter WHERE code = %(code)s", {"code": NEW["matter"]})[0]
    unit, calendar = LimitUnit(matter.limit_unit), working_calendar.get()
    due = deadline(kept.filed_at, matter.limit_count, unit, calendar)
    assert kept.deadline_at == due.due_at
    assert kept.calendar_version == calendar.version
    assert (kept.raw_crs, kept.raw_lng) == ("gcj02", NEW["place"]["lng"])


def test_numbers_stay_different_past_the_millionth_request(sign_in: Client) -> None:
    with owner() as connection:
        connection.execute("SELECT setval('service_request_number', 999998)")
    numbers = [file(sign_in(RESIDENT))["request"]["number"].split("-")[1] for _ in range(4)]
    assert numbers == ["999999", "1000000", "1000001", "1000002"]


def test_a_version_not_yet_reached_is_stale_too(sign_in: Client) -> None:
    """Or a step judged by an older state could slip through beside another's."""
    detail = file(sign_in(RESIDENT))
    worker = sign_in(WORKER)
    worker.post(path_of(detail, "claim"))
    body = {"result": "solved", "note": "好"}
    assert slug(worker.post(path_of(detail, "settlement"), body, version=3)) == "stale-version"


def test_a_place_across_the_river_is_refused_with_the_nearest_area(sign_in: Client) -> None:
    place = {"lng": 124.40, "lat": 40.10, "crs": "wgs84"}
    answer = sign_in(RESIDENT).post("/api/v1/requests", {**NEW, "place": place})
    assert (answer.status_code, slug(answer)) == (409, "outside-zone")
    assert answer.json is not None
    assert answer.json["nearest_area"].startswith("DDHT-")
    assert answer.json["metres"] > 100
    assert read("SELECT count(*) AS n FROM service_request")[0].n == 0


def test_a_matter_asks_for_the_level_that_it_needs(sign_in: Client) -> None:
    strict = read("SELECT code FROM matter WHERE level_required = 2 ORDER BY code")[0].code
    answer = sign_in(NEWCOMER).post("/api/v1/requests", {**NEW, "matter": strict})
    assert (answer.status_code, slug(answer)) == (403, "level-needed")
    assert file(sign_in(RESIDENT), matter=strict)["request"]["matter_code"] == strict


def test_nearby_is_nearest_first_and_says_nothing_of_people(sign_in: Client) -> None:
    resident, neighbour = sign_in(RESIDENT), sign_in(NEIGHBOUR)
    steps = (0.0016, 0.0004, 0.0, 0.0008, 0.0012)
    for step in steps:
        place = {"lng": PLACE[0] + step, "lat": PLACE[1], "crs": "wgs84"}
        file(resident, place=place)
    seen: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        query = f"near={PLACE[0]},{PLACE[1]}&crs=wgs84&radius=120&limit=2{cursor}"
        page = neighbour.get(f"/api/v1/requests?{query}").json
        assert page is not None
        seen += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    metres = [item["metres"] for item in seen]
    assert metres == sorted(metres)
    assert len({item["id"] for item in seen}) == len(seen) == 4  # 136 m is beyond the radius
    assert all(len(str(item["lng"]).split(".")[1]) <= 3 for item in seen)
    assert NEW["words"] not in str(seen)


def test_of_two_workers_at_the_same_instant_one_gets_it(app: Flask, sign_in: Client) -> None:
    for _ in range(10):
        detail = file(sign_in(RESIDENT))
        path, both = path_of(detail, "claim"), (sign_in(WORKER), sign_in(SECOND_WORKER))
        answers = at_once(app, [posting(app, who, path) for who in both])
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}


def test_a_repeated_claim_by_the_same_worker_does_no_harm(sign_in: Client) -> None:
    detail = file(sign_in(RESIDENT))
    worker = sign_in(WORKER)
    first, again = worker.post(path_of(detail, "claim")), worker.post(path_of(detail, "claim"))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json


def test_only_the_claimant_settles_and_only_what_they_have_seen(sign_in: Client) -> None:
    detail = file(sign_in(RESIDENT))
    worker, other = sign_in(WORKER), sign_in(SECOND_WORKER)
    worker.post(path_of(detail, "claim"))
    path, body = path_of(detail, "settlement"), {"result": "solved", "note": "已清理"}
    assert slug(other.post(path, body, version=2)) == "not-yours"
    missing = worker.post(path, body)
    assert (missing.status_code, slug(missing)) == (428, "version-needed")
    strange = worker.post(path, body, headers={"If-Match": "*"})
    assert (strange.status_code, slug(strange)) == (400, "if-match-refused")
    stale = worker.post(path, body, version=1)
    assert (stale.status_code, slug(stale)) == (412, "stale-version")
    settled = worker.post(path, body, version=2)
    assert settled.status_code == 200
    assert settled.headers["ETag"] == '"v3"'
    assert settled.json is not None
    assert settled.json["request"]["result"] == "solved"


def test_a_released_request_can_be_claimed_by_another(sign_in: Client) -> None:
    detail = file(sign_in(RESIDENT))
    worker, other = sign_in(WORKER), sign_in(SECOND_WORKER)
    worker.post(path_of(detail, "claim"))
    body = {"reason": "请假"}
    assert worker.post(path_of(detail, "release"), body, version=2).status_code == 200
    assert other.post(path_of(detail, "claim")).status_code == 200
    timeline = other.get(path_of(detail)).json
    assert timeline is not None
    assert [entry["note"] for entry in timeline["timeline"]] == [None, None, None, "请假", None]


def test_rating_is_once_by_whoever_filed_and_after_settling(sign_in: Client) -> None:
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    detail = file(resident)
    path = path_of(detail, "rating")
    early = resident.post(path, {"stars": 5})
    assert (early.status_code, slug(early)) == (409, "step-refused")
    assert early.json is not None
    assert {"claim", "withdraw"} < set(early.json["legal"])
    assert not {"rate", "settle", "supervise"} & set(early.json["legal"])
    worker.post(path_of(detail, "claim"))
    worker.post(path_of(detail, "settlement"), {"result": "solved", "note": "好"}, version=2)
    assert slug(worker.post(path, {"stars": 5})) == "not-yours"
    assert resident.post(path, {"stars": 5, "words": "很快"}).status_code == 201
    assert slug(resident.post(path, {"stars": 1})) == "already-rated"
    assert resident.get(path_of(detail)).json["stars"] == 5  # type: ignore[index]


@pytest.mark.parametrize("stars", [0, 6, 2.5, "5", None, True])
def test_a_rating_has_five_levels(sign_in: Client, stars: object) -> None:
    resident = sign_in(RESIDENT)
    answer = resident.post(path_of(file(resident), "rating"), {"stars": stars})
    assert answer.status_code == 422


def test_a_withdrawn_request_takes_no_further_step(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    detail = file(resident)
    assert resident.post(path_of(detail, "withdrawal"), version=1).status_code == 200
    answer = sign_in(WORKER).post(path_of(detail, "claim"))
    assert (slug(answer), answer.json["legal"]) == ("step-refused", [])  # type: ignore[index]


def test_out_of_sight_is_not_there_and_in_sight_is_not_yours(sign_in: Client) -> None:
    detail = file(sign_in(RESIDENT))
    missing = "/api/v1/requests/019abf6d-2e7c-7a1b-8b3e-9a522f1de6c3"
    neighbour = sign_in(NEIGHBOUR)
    far_away = sign_in(staff_with("grid_worker", area=another_subzone()))
    for path in (path_of(detail), missing):
        assert slug(neighbour.get(path)) == "not-found"
        assert slug(far_away.get(path)) == "not-found"
    assert slug(far_away.post(path_of(detail, "claim"))) == "not-found"
    handler = sign_in(staff_with("department_handler", department=department_of(detail)))
    assert handler.get(path_of(detail)).status_code == 200
    assert slug(handler.post(path_of(detail, "claim"))) == "not-yours"


def test_lists_hold_what_is_mine_and_what_i_may_work_on(sign_in: Client) -> None:
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    ids = [file(resident)["request"]["id"] for _ in range(3)]
    mine = resident.get("/api/v1/requests/mine").json
    work = worker.get("/api/v1/requests/work").json
    assert mine is not None
    assert work is not None
    assert [item["id"] for item in mine["items"]] == ids[::-1]
    assert {item["id"] for item in work["items"]} == set(ids)
    worker.post(f"/api/v1/requests/{ids[0]}/claim")
    other = sign_in(SECOND_WORKER).get("/api/v1/requests/work").json
    assert other is not None
    assert {item["id"] for item in other["items"]} == set(ids[1:])


def test_each_deed_is_audited_and_told_in_the_same_transaction(sign_in: Client) -> None:
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    detail = file(resident)
    worker.post(path_of(detail, "claim"))
    worker.post(path_of(detail, "settlement"), {"result": "solved", "note": "好"}, version=2)
    resident.post(path_of(detail, "rating"), {"stars": 4})
    deeds = [row.deed for row in read("SELECT deed FROM audit_entry ORDER BY id")]
    assert deeds == ["request-dispatch", "request-claim", "request-settle", "request-rate"]
    told = [tuple(row) for row in read("SELECT kind, seq FROM outbox ORDER BY seq")]
    assert told == [("request-filed", 1), ("request-settled", 2), ("request-rated", 3)]


def another_subzone() -> str:
    sql = "SELECT area_code FROM staff_grant WHERE role = 'grid_worker' ORDER BY area_code"
    return str(next(row.area_code for row in read(sql) if not row.area_code.startswith("DDHT-XQ")))


def department_of(detail: dict[str, Any]) -> str:
    return str(detail["request"]["department_code"])
