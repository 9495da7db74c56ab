"""What makes no sense is refused by name, and nothing is written."""

from typing import Any

import pytest

from app.geo.crs import Crs, from_wgs84
from tests.api.cases.living import Case, refused
from tests.people import Caller
from tests.requests_of import GRID, NEW, PLACE

PATH = "/api/v1/requests"


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
