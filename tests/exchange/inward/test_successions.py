"""Grids are merged and split by the register's word: on its day, and only if it makes sense."""

from datetime import date

import pytest
from flask import Flask

from app.areas.changes import takeovers_of_today
from app.areas.service import grid_index
from tests.exchange.drops import District, mirrored, one
from tests.exchange.inward.changing import (
    WEST,
    add_areas,
    change,
    days,
    held,
    it_is,
    lay_out,
    merge_into_c,
    split_a,
    valid_to,
)
from tests.exchange.records import area


@pytest.fixture
def street(district: District) -> District:
    """Return the sender of a street of two grids."""
    lay_out(district)
    return district


def heirs_of(code: str) -> set[str]:
    found = takeovers_of_today().by_code.get(code)
    return set(found.heirs) if found else {code}


def locate() -> str | None:
    found = grid_index.get().locate(*WEST)
    return found.code if found else None


def test_an_old_grid_ends_on_the_day_before_although_the_register_forgot_to_say_so(
    street: District,
) -> None:
    merge_into_c(street)
    assert valid_to("TRY-A") == valid_to("TRY-B") == days(0)
    assert valid_to("TRY-C") is None
    street.send(areas=[area("TRY-A", "TRY-S", ver=2, name="改名不改制")])
    assert valid_to("TRY-A") == days(0)


def test_the_registers_own_end_counts_where_it_is_earlier(street: District) -> None:
    street.send(areas=[area("TRY-A", "TRY-S", ver=2, valid_to="2025-01-01")])
    merge_into_c(street)
    assert valid_to("TRY-A") == date(2025, 1, 1)


def test_until_its_day_a_change_that_was_told_early_changes_nothing(
    street: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_into_c(street, days(1))
    grid_index.forget()
    assert (locate(), heirs_of("TRY-A")) == ("TRY-A", {"TRY-A"})
    it_is(monkeypatch, days(1))
    assert (locate(), heirs_of("TRY-A")) == (None, {"TRY-C"})


def test_a_chain_leads_to_what_stands_today(street: District, app: Flask) -> None:
    add_areas(street, "TRY-C", "TRY-D")
    late = [change("TRY-C", "TRY-D", on_day=days(-3)), change("TRY-A", "TRY-C", on_day=days(-9))]
    street.send(area_changes=late)
    assert heirs_of("TRY-A") == heirs_of("TRY-C") == {"TRY-D"}


def test_a_change_may_be_corrected_and_the_right_heir_gets_it(street: District) -> None:
    add_areas(street, "TRY-C", "TRY-D")
    street.send(area_changes=[change("TRY-A", "TRY-C")])
    street.send(area_changes=[change("TRY-A", "TRY-C", ver=2, new_code="TRY-D", on_day=days(-1))])
    assert held() == {("TRY-A", "TRY-D"): None}
    assert (valid_to("TRY-A"), heirs_of("TRY-A")) == (days(-1), {"TRY-D"})


def test_a_change_that_is_called_off_before_its_day_never_was(street: District) -> None:
    add_areas(street, "TRY-C")
    street.send(area_changes=[change("TRY-A", "TRY-C", on_day=days(1))])
    assert valid_to("TRY-A") == days(1)
    street.send(area_changes=[change("TRY-A", "TRY-C", on_day=days(1), ver=2, op="D")])
    assert (held(), valid_to("TRY-A")) == ({}, None)


def test_leaving_out_a_change_of_the_past_brings_no_grid_to_life_again(street: District) -> None:
    """A register may well send the changes of this year only."""
    add_areas(street, "TRY-C")
    street.send_all(area_changes=[change("TRY-A", "TRY-C", on_day=days(-400))])
    street.send_all("next year", area_changes=[change("TRY-B", "TRY-C")])
    assert held() == {("TRY-A", "TRY-C"): None, ("TRY-B", "TRY-C"): None}
    assert valid_to("TRY-A") == days(-400)


def test_a_change_that_two_records_tell_stays_when_one_of_them_goes(street: District) -> None:
    add_areas(street, "TRY-C")
    told = change("TRY-A", "TRY-C", on_day=days(1))
    street.send(area_changes=[told, {**told, "sid": "TRY-SAME"}])
    street.send(area_changes=[{**told, "ver": 2, "op": "D"}])
    assert held() == {("TRY-A", "TRY-C"): None}


def test_a_circle_is_refused_by_name_until_one_of_it_is_put_right(street: District) -> None:
    street.send(area_changes=[change("TRY-A", "TRY-B")])
    assert valid_to("TRY-A") == days(0)
    street.send(area_changes=[change("TRY-B", "TRY-A", on_day=days(-2))])
    assert set(held().values()) == {"CIRCLE"}
    assert (valid_to("TRY-A"), valid_to("TRY-B")) == (None, None)
    assert heirs_of("TRY-A") == {"TRY-A"}
    told = "SELECT count(*)::int FROM audit_entry WHERE deed = 'area-change-held'"
    assert one(told) == 2
    add_areas(street, "TRY-C")
    street.send(area_changes=[change("TRY-B", "TRY-A", ver=2, new_code="TRY-C")])
    assert held() == {("TRY-A", "TRY-B"): None, ("TRY-B", "TRY-C"): None}
    assert heirs_of("TRY-A") == {"TRY-C"}
    assert one(told) == 2


def test_a_grid_stands_until_its_heir_is_known(street: District) -> None:
    street.send(area_changes=[change("TRY-A", "TRY-C")])
    assert [row.waits_for for row in mirrored("area_changes", "waits_for")] == ["new_code"]
    assert (held(), valid_to("TRY-A")) == ({}, None)
    add_areas(street, "TRY-C")
    assert (valid_to("TRY-A"), heirs_of("TRY-A")) == (days(0), {"TRY-C"})


def test_a_split_waits_for_its_last_heir_or_the_first_would_get_everything(
    street: District,
) -> None:
    add_areas(street, "TRY-C")
    street.send(area_changes=[change("TRY-A", "TRY-C", "split"), change("TRY-A", "TRY-D", "split")])
    assert held() == {("TRY-A", "TRY-C"): "INCOMPLETE"}
    assert valid_to("TRY-A") is None
    add_areas(street, "TRY-D")
    assert heirs_of("TRY-A") == {"TRY-C", "TRY-D"}


def test_an_heir_known_to_be_wrong_does_not_hold_back_the_right_one(street: District) -> None:
    add_areas(street, "TRY-C")
    slip = change("TRY-A", "TRY-X", "split")
    street.send(area_changes=[change("TRY-A", "TRY-C", "split"), slip])
    street.send(area_changes=[{**slip, "ver": 2, "op": "D"}])
    assert (held(), heirs_of("TRY-A")) == ({("TRY-A", "TRY-C"): None}, {"TRY-C"})


def test_the_old_grid_need_not_be_known_any_more(district: District) -> None:
    district.send(areas=[area("TRY-C", None)], area_changes=[change("TRY-LONG-GONE", "TRY-C")])
    assert heirs_of("TRY-LONG-GONE") == {"TRY-C"}


def test_an_heir_that_begins_later_gets_nothing_before(
    street: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_areas(street, "TRY-C", valid_from=days(1).isoformat())
    street.send(area_changes=[change("TRY-A", "TRY-C")])
    assert "TRY-A" not in takeovers_of_today().by_code
    it_is(monkeypatch, days(1))
    assert takeovers_of_today().sole_heir("TRY-A") == "TRY-C"


def test_of_two_heirs_one_that_begins_later_does_not_lose_its_part_to_the_other(
    street: District,
) -> None:
    split_a(street)
    street.send(areas=[area("TRY-A2", "TRY-S", ver=2, valid_from=days(1).isoformat())])
    found = takeovers_of_today()
    assert found.sole_heir("TRY-A") is None
    assert found.heir_at("TRY-A", 10.008, 10.005) is None
    west = found.heir_at("TRY-A", 10.002, 10.005)
    assert west
    assert west.code == "TRY-A1"
