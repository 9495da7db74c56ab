"""Who lives in a grid that was merged or split is known to live in the one that is there now."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.database import transaction, write
from app.identity import addresses
from app.identity.addresses import move_addresses
from app.identity.sweeps import MOVED_ADDRESSES
from community.requests.queries import hanging_on_ended
from tests.exchange.drops import District, mirrored, one, tally
from tests.exchange.inward.changing import (
    WEST,
    add_areas,
    change,
    days,
    file_at,
    it_is,
    lay_out,
    merge_into_c,
    outline,
    split_a,
)
from tests.exchange.records import address, household, number, resident, staff
from tests.people import RESIDENT, Caller, Person

Client = Callable[[Person], Caller]
WEST_HALF, EAST_HALF = {"lng": "10.002", "lat": "10.005"}, {"lng": "10.008", "lat": "10.005"}


@pytest.fixture
def street(district: District) -> District:
    """Return the sender of a street of two grids, with an address in each half of the western."""
    lay_out(district)
    send(district, WEST_HALF, EAST_HALF)
    return district


def send(district: District, *places: dict[str, str], ver: int = 1) -> None:
    rows = [
        address(n, grid_code="TRY-A", ver=ver, **place) for n, place in enumerate(places, start=1)
    ]
    district.send(addresses=rows)


def grids() -> list[str]:
    return [
        one("SELECT grid_code FROM address WHERE sid = %(sid)s", sid=f"TRY-A{n}") for n in (1, 2)
    ]


def test_addresses_go_to_the_only_heir_and_the_registers_word_stays(street: District) -> None:
    merge_into_c(street)
    assert MOVED_ADDRESSES.run() == 0
    assert grids() == ["TRY-C", "TRY-C"]
    assert [row.grid_code for row in mirrored("addresses", "grid_code")] == ["TRY-A", "TRY-A"]
    trail = one("SELECT facts FROM audit_entry WHERE deed = 'addresses-moved'")
    assert trail == {"heir": "TRY-C", "addresses": 2}
    assert move_addresses() == 0


def test_before_its_day_everybody_lives_where_they_did(
    street: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_into_c(street, days(1))
    assert (move_addresses(), grids()) == (0, ["TRY-A", "TRY-A"])
    it_is(monkeypatch, days(1))
    assert (move_addresses(), grids()) == (2, ["TRY-C", "TRY-C"])


def test_a_split_sends_each_address_to_the_half_in_which_it_lies(street: District) -> None:
    split_a(street)
    assert (move_addresses(), grids()) == (2, ["TRY-A1", "TRY-A2"])


def test_an_address_sent_again_under_the_old_grid_is_never_seen_there(street: District) -> None:
    split_a(street)
    move_addresses()
    send(street, EAST_HALF, WEST_HALF, ver=2)
    assert grids() == ["TRY-A2", "TRY-A1"]


def test_a_late_record_of_a_new_address_goes_to_the_heir_at_once(street: District) -> None:
    merge_into_c(street)
    move_addresses()
    counts = street.send(addresses=[address(3, grid_code="TRY-A")])
    assert tally(counts["addresses"]) == {"in": 1, "inserted": 1}
    assert one("SELECT grid_code FROM address WHERE sid = 'TRY-A3'") == "TRY-C"


def test_the_page_of_one_address_moves_no_other(street: District) -> None:
    """The sweep has its own bounded batches; a page must not grow by a whole grid."""
    merge_into_c(street)
    street.send(addresses=[address(3, grid_code="TRY-A")])
    assert grids() == ["TRY-A", "TRY-A"]


def test_one_that_lies_in_no_outline_stays_and_blocks_no_other(
    street: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "BATCH", 1)
    add_areas(street, "TRY-A1", "TRY-A2")
    street.send(
        polygons=[outline("TRY-A2", 10.005, 10.01)],
        area_changes=[change("TRY-A", each, "split") for each in ("TRY-A1", "TRY-A2")],
    )
    assert (move_addresses(), grids()) == (1, ["TRY-A", "TRY-A2"])


def test_one_whose_seal_does_not_open_stays_and_blocks_no_other(street: District) -> None:
    with transaction():
        write("UPDATE src_addresses SET lng_sealed = '\\x00' WHERE sid = 'TRY-A1'")
    split_a(street)
    assert (move_addresses(), grids()) == (1, ["TRY-A", "TRY-A2"])


def test_who_lives_there_is_shown_the_new_grid(street: District, sign_in: Client) -> None:
    street.send(households=[household()], residents=[resident(1)])
    caller = sign_in(Person("19999980001", verified=False))
    proof = {"name": "试行人", "id_number": number(1)}
    assert caller.post("/api/v1/me/verification", proof).status_code == 204
    merge_into_c(street)
    move_addresses()
    mine = [each["code"] for each in (caller.get("/api/v1/me").json or {})["areas"]]
    assert mine == ["TRY-S", "TRY-C"]


def test_what_still_hangs_on_an_ended_grid_is_told_and_no_grant_moves(
    app: Flask, street: District, sign_in: Client
) -> None:
    file_at(sign_in(RESIDENT), WEST)
    street.send(staff=[staff(1, area_code="TRY-A"), staff(2, area_code="TRY-B")])
    merge_into_c(street)
    hanging = [tuple(row) for row in hanging_on_ended() if row.code.startswith("TRY-")]
    assert hanging == [("TRY-A", days(0), 1, 2, 1), ("TRY-B", days(0), 1, 0, 0)]
    for sweep in app.extensions["linli.sweeps"]:
        if "ended" in sweep.name or "changed" in sweep.name:
            sweep.run()
    hanging = [tuple(row) for row in hanging_on_ended() if row.code.startswith("TRY-")]
    assert hanging == [("TRY-A", days(0), 1, 0, 0), ("TRY-B", days(0), 1, 0, 0)]


def test_an_operator_reads_what_hangs_and_which_changes_do_not_count(
    app: Flask, street: District
) -> None:
    split_a(street)
    street.send(area_changes=[change("TRY-B", "TRY-B")])
    said = app.test_cli_runner().invoke(args=["ended-areas"]).output
    assert f"TRY-A ended {days(0)}: 0 grants, 2 addresses, 0 open requests" in said
    assert f"TRY-B -> TRY-B {days(0)}: CIRCLE: The changes lead back" in said
