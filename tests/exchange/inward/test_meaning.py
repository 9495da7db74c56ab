"""What a changed record means: where people live, who may do what, which grid a place lies in."""

from collections.abc import Callable
from typing import Any

import pytest

from app.areas.service import grid_index
from app.database import read
from app.privacy import vault
from tests.exchange.drops import District, one, tally
from tests.exchange.records import GRIDS, area, household, number, resident, staff
from tests.people import Caller, Person

Client = Callable[[Person], Caller]
MEMBER = Person("19999970001", verified=False)
NEWLY_MOVED = Person("19999980001", verified=False)
FAR_OUT = (10.005, 10.005)


def me(caller: Caller) -> dict[str, Any]:
    return dict(caller.get("/api/v1/me").json or {})


def path(code: str) -> Any:
    return one("SELECT path FROM area WHERE code = %(code)s", code=code)


def test_an_area_knows_the_way_down_to_it_whoever_comes_first(district: District) -> None:
    district.send(areas=[area("TRY-G", "TRY-C"), area("TRY-C", "TRY-Z"), area("TRY-Z", None)])
    assert path("TRY-G") == ["TRY-Z", "TRY-C", "TRY-G"]
    district.send(areas=[area("TRY-G2", "TRY-C2")])
    assert path("TRY-G2") == []
    district.send(areas=[area("TRY-C2", "TRY-Z")])
    assert path("TRY-G2") == ["TRY-Z", "TRY-C2", "TRY-G2"]


def test_what_lies_under_an_area_moves_with_it(district: District) -> None:
    district.send(areas=[area("TRY-Z", None), area("TRY-C", "TRY-Z"), area("TRY-G", "TRY-C")])
    district.send(areas=[area("TRY-Y", None), area("TRY-C", "TRY-Y", ver=2)])
    assert path("TRY-C") == ["TRY-Y", "TRY-C"]
    assert path("TRY-G") == ["TRY-Y", "TRY-C", "TRY-G"]


def test_an_area_that_is_cut_off_is_within_no_other_area(district: District) -> None:
    """Staff of the zone that it left must not go on seeing into it."""
    district.send(areas=[area("TRY-Z", None), area("TRY-C", "TRY-Z")])
    district.send(areas=[area("TRY-C", "TRY-NOT-YET", ver=2)])
    assert path("TRY-C") == []


def square(lng: float, lat: float) -> dict[str, object]:
    ring = [[lng, lat], [lng + 0.01, lat], [lng + 0.01, lat + 0.01], [lng, lat + 0.01], [lng, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def outline(lng: float, lat: float, **changes: object) -> dict[str, object]:
    record = {"sid": "TRY-G", "ver": 1, "code": "TRY-G", "polygon": square(lng, lat)}
    return record | {"crs": "wgs84", "valid_from": "2024-01-01"} | changes


def send_outline(district: District, *records: dict[str, object]) -> None:
    rows = [{**each, "polygon": str(each["polygon"]).replace("'", '"')} for each in records]
    district.send(polygons=rows)


def grid_of(lng: float, lat: float) -> str | None:
    found = grid_index.get().locate(lng, lat)
    return found.code if found else None


def due_for_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_index, "_checked", 0.0)


def test_a_grid_that_moved_is_found_where_it_is_now(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    district.send(areas=[area("TRY-G", None)])
    send_outline(district, outline(10.0, 10.0))
    grid_index.forget()
    assert grid_of(*FAR_OUT) == "TRY-G"
    send_outline(district, outline(20.0, 20.0, ver=2))
    due_for_a_look(monkeypatch)
    assert grid_of(*FAR_OUT) is None
    assert grid_of(20.005, 20.005) == "TRY-G"


def test_a_grid_that_was_closed_takes_no_more_requests(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    district.send(areas=[area("TRY-G", None)])
    send_outline(district, outline(10.0, 10.0))
    grid_index.forget()
    assert grid_of(*FAR_OUT) == "TRY-G"
    district.send(areas=[area("TRY-G", None, ver=2, valid_to="2025-01-01")])
    due_for_a_look(monkeypatch)
    assert grid_of(*FAR_OUT) is None


def test_one_unsound_outline_does_not_hide_the_other_grids(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip of the pen at the register must not stop the whole zone from filing."""
    district.send(areas=[area("TRY-G", None), area("TRY-H", None)])
    unsound = outline(0, 0, sid="TRY-H", code="TRY-H", polygon={"type": "Polygon"})
    send_outline(district, outline(10.0, 10.0), unsound)
    due_for_a_look(monkeypatch)
    assert grid_of(*FAR_OUT) == "TRY-G"


def test_a_role_that_the_register_takes_away_is_lost_at_the_next_request(
    district: District, sign_in: Client
) -> None:
    district.send(staff=[staff()])
    member = sign_in(MEMBER)
    assert me(member)["roles"] == ["grid_worker", "resident"]
    district.send(staff=[staff(ver=2, role="auditor", area_code="")])
    assert me(member)["roles"] == ["auditor", "resident"]
    assert one("SELECT count(*) FROM staff_grant WHERE staff_sid = 'TRY-S1'") == 1
    district.send(staff=[staff(ver=3, role="auditor", area_code="", valid_to="2025-01-01")])
    assert me(member)["roles"] == ["resident"]


def test_a_role_follows_the_member_of_staff_to_a_new_phone(
    district: District, sign_in: Client
) -> None:
    district.send(staff=[staff()])
    before = sign_in(MEMBER)
    district.send(staff=[staff(ver=2, phone="19999970002")])
    assert me(before)["roles"] == ["resident"]
    assert "grid_worker" in me(sign_in(Person("19999970002", verified=False)))["roles"]


def test_a_household_that_moves_takes_its_people_to_the_new_grid(
    settled: District, sign_in: Client
) -> None:
    settled.send(residents=[resident(1)])
    mover = sign_in(NEWLY_MOVED)
    proof = {"name": "试行人", "id_number": number(1)}
    assert mover.post("/api/v1/me/verification", proof).status_code == 204
    assert me(mover)["areas"][-1]["code"] == GRIDS[0]
    counts = settled.send(households=[household(ver=2, address_sid="TRY-A2")])
    assert tally(counts["households"]) == {"in": 1, "updated": 1}
    assert me(mover)["areas"][-1]["code"] == GRIDS[1]


def test_who_is_renamed_keeps_their_account_and_their_row(settled: District) -> None:
    settled.send(residents=[resident(1)])
    before = read("SELECT id FROM resident WHERE sid = 'TRY-R1'")
    settled.send(residents=[resident(1, ver=2, name="试改名")])
    after = read("SELECT id, name_sealed FROM resident WHERE sid = 'TRY-R1'")
    assert after[0].id == before[0].id
    assert vault.open("resident.name", "TRY-R1", after[0].name_sealed) == "试改名"
