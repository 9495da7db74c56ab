"""What makes no sense, or names what is somebody else's, is refused by name and writes nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uuid_utils.compat as uuids
from flask import Flask

from app.database import read
from app.geo.crs import Crs, from_wgs84
from tests.api.cases.living import Case, handler, settled, slug
from tests.files.pictures import photo
from tests.identity.households import OLD_PARENT, confirmed
from tests.people import NEIGHBOUR, Caller, Person, staff_with
from tests.requests_of import GRID, NEW, PLACE

Client = Callable[[Person], Caller]
PATH = "/api/v1/requests"
WRITTEN = (
    *("service_request", "request_event", "rating", "request_task", "request_visit", "file_use"),
    *("request_follow", "audit_entry", "outbox"),
)


@pytest.fixture
def neighbour(sign_in: Client) -> Caller:
    return sign_in(NEIGHBOUR)


def all_rows() -> dict[str, list[Any]]:
    """Return every row that a filing or a step could write."""
    return {table: read(f"SELECT * FROM {table} ORDER BY 1, 2") for table in WRITTEN}


def refused(answer: Any, status: int, name: str, pointer: str | None = None) -> None:
    assert (answer.status_code, slug(answer)) == (status, name), answer.json
    if pointer:
        assert [each["pointer"] for each in answer.json["errors"]] == [pointer]


@pytest.fixture
def nothing_written(app: Flask) -> Iterator[Callable[[], None]]:
    """Return what begins to watch; at the end nothing must have changed since."""
    seen: list[Any] = []
    yield lambda: seen.append(all_rows())
    assert seen, "nobody watched"
    assert all_rows() == seen[0]


def place(**changed: Any) -> dict[str, Any]:
    sound = {"lng": PLACE[0], "lat": PLACE[1], "crs": "wgs84"} | changed
    return NEW | {"place": {name: value for name, value in sound.items() if value is not None}}


@pytest.mark.parametrize("crs", Crs)
def test_in_each_reference_system_the_same_place_is_found(resident: Caller, crs: Crs) -> None:
    lng, lat = from_wgs84(*PLACE, crs)
    case = Case(resident, place={"lng": lng, "lat": lat, "crs": str(crs)})
    assert case.row.grid_code == GRID
    assert (round(case.row.lng, 6), round(case.row.lat, 6)) == PLACE
    assert (case.row.raw_crs, case.row.raw_lng) == (crs, lng)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"crs": None}, "/place/crs"),
        ({"crs": "wgs72"}, "/place/crs"),
        ({"crs": "GCJ02"}, "/place/crs"),
        ({"lng": 181}, "/place/lng"),
        ({"lat": -91}, "/place/lat"),
        ({"lat": None}, "/place/lat"),
    ],
)
def test_a_place_without_its_reference_system_or_not_on_earth_is_refused(
    resident: Caller, nothing_written: Any, changed: dict[str, Any], pointer: str
) -> None:
    nothing_written()
    refused(resident.post(PATH, place(**changed)), 422, "invalid", pointer)


@pytest.mark.parametrize(
    "claimed",
    [
        {"account_id": "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c3"},
        {"channel": "hotline"},
        {"claimed_by": "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c3"},
        {"department_code": "URB"},
        {"state": "settled"},
        {"hotline_number": "DD12345-1"},
    ],
)
def test_nobody_says_for_whom_by_which_way_or_to_which_unit_they_file(
    resident: Caller, nothing_written: Any, claimed: dict[str, Any]
) -> None:
    nothing_written()
    refused(resident.post(PATH, NEW | claimed), 422, "invalid", f"/{next(iter(claimed))}")


def test_a_matter_that_is_none_is_refused(resident: Caller, nothing_written: Any) -> None:
    nothing_written()
    refused(resident.post(PATH, NEW | {"matter": "NO-SUCH"}), 409, "matter-unknown")


def test_what_is_filed_by_phone_says_that_it_was(resident: Caller) -> None:
    assert Case(resident).row.channel == "app"


class TestOfOthers:
    """An id in a body opens nothing that is somebody else's."""

    def test_the_mandate_of_another_agent(
        self, resident: Caller, neighbour: Caller, sign_in: Client, nothing_written: Any
    ) -> None:
        mandate = confirmed(resident, sign_in(OLD_PARENT))
        nothing_written()
        asked = NEW | {"mandate": mandate["id"]}
        refused(neighbour.post(PATH, asked), 403, "mandate-refused")

    def test_a_photo_of_another(
        self, resident: Caller, neighbour: Caller, nothing_written: Any
    ) -> None:
        key = str(uuids.uuid7())
        assert resident.put(f"/api/v1/files/photos/{key}", data=photo()).status_code == 201
        case = Case(neighbour)
        nothing_written()
        refused(neighbour.post(PATH, NEW | {"photos": [key]}), 404, "file-unknown")
        refused(neighbour.post(f"{case.path}/photos", {"photos": [key]}), 404, "file-unknown")

    def test_a_photo_of_another_in_a_dispute(
        self, resident: Caller, neighbour: Caller, worker: Caller, nothing_written: Any
    ) -> None:
        key, case = str(uuids.uuid7()), Case(resident)
        assert resident.put(f"/api/v1/files/photos/{key}", data=photo()).status_code == 201
        neighbour.post(f"{case.path}/follow")
        settled(case, worker)
        nothing_written()
        body = {"words": "并未清理", "photo": key}
        refused(neighbour.post(f"{case.path}/dispute", body), 404, "file-unknown")

    def test_the_handler_of_a_case_of_another(
        self, resident: Caller, neighbour: Caller, worker: Caller, nothing_written: Any
    ) -> None:
        case = Case(resident)
        case.done(worker, "claim")
        nothing_written()
        asked = NEW | {"complaint_about": {"request": case.id}}
        refused(neighbour.post(PATH, asked), 404, "not-found")

    def test_a_case_out_of_sight_to_merge_into(
        self, resident: Caller, sign_in: Client, nothing_written: Any
    ) -> None:
        heat, road = Case(resident, matter="HEAT-COLD"), Case(resident)
        nothing_written()
        body = {"into": road.id, "reason": "同一处"}
        refused(heat.step(sign_in(handler("PUB")), "merge", body), 404, "not-found")

    def test_a_part_of_another_case(
        self, resident: Caller, worker: Caller, sign_in: Client, nothing_written: Any
    ) -> None:
        asked = {"department": "HOU", "asked": "核查"}
        one, other = Case(resident), Case(resident)
        for case in (one, other):
            case.done(worker, "claim")
        part = one.done(worker, "tasks", asked)["items"][0]["id"]
        other.done(worker, "tasks", asked)
        nothing_written()
        housing = sign_in(handler("HOU"))
        path = f"{other.path}/tasks/{part}"
        refused(housing.post(f"{path}/answer", {"words": "x"}), 404, "not-found")
        refused(worker.post(f"{path}/cancellation", {"reason": "x"}), 404, "not-found")

    def test_a_colleague_who_may_not_work_on_it(
        self, resident: Caller, worker: Caller, nothing_written: Any
    ) -> None:
        case = Case(resident)
        case.done(worker, "claim")
        nothing_written()
        for sid in ("DD0005", "NO-SUCH"):
            body = {"to": sid, "reason": "轮休"}
            refused(case.step(worker, "hand-over", body), 409, "colleague-unknown")

    def test_an_address_beyond_the_desk(self, sign_in: Client, nothing_written: Any) -> None:
        clerk = sign_in(staff_with("desk_clerk", area="DDHT-DG-XX"))
        sql = "SELECT sid FROM address WHERE grid_code = %(grid)s LIMIT 1"
        body = {name: value for name, value in NEW.items() if name != "place"}
        asked = body | {"address": read(sql, {"grid": GRID})[0].sid}
        nothing_written()
        refused(clerk.post(f"{PATH}/desk", asked), 403, "beyond-your-area")


def test_a_stale_step_writes_nothing_and_tells_both_versions(
    resident: Caller, worker: Caller, nothing_written: Any
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    nothing_written()
    body = {"result": "solved", "note": "好"}
    for seen in (1, 3):
        answer = case.step(worker, "settlement", body, version=seen)
        refused(answer, 412, "stale-version")
        assert (answer.json["seen"], answer.json["current"]) == (seen, 2)


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("release", {}),
        ("release", {"reason": "  "}),
        ("hand-over", {"to": "DD0002"}),
        ("supplement-wanted", {}),
        ("objection", {"clause": "HOU-1", "propose": "HOU"}),
        ("extension", {"count": 0, "because": "survey", "note": "入户核查"}),
        ("extension", {"count": 1, "because": "busy", "note": "忙"}),
    ],
)
def test_a_step_without_its_reason_or_for_no_time_is_not_taken(
    resident: Caller, worker: Caller, nothing_written: Any, deed: str, body: dict[str, str]
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    nothing_written()
    refused(case.step(worker, deed, body), 422, "invalid")
