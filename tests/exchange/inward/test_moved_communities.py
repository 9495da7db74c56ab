"""A community is merged into its neighbour: its grids go over, and with them who answers there."""

from collections.abc import Callable

import pytest

from tests.exchange.drops import District, one
from tests.exchange.inward.changing import (
    WEST,
    change,
    days,
    file_at,
    grid_of,
    it_is,
    outline,
    valid_to,
)
from tests.exchange.records import area, staff
from tests.people import RESIDENT, Caller, Person

Client = Callable[[Person], Caller]
OLD_ELDER = Person("19999970001", verified=False)
NEW_ELDER = Person("19999970002", verified=False)


@pytest.fixture
def street(district: District) -> District:
    """Return the sender of a street of two communities, each with a grid and an elder."""
    district.send(
        areas=[
            area("TRY-S", None, level="street"),
            *(area(code, "TRY-S", level="community") for code in ("TRY-M", "TRY-N")),
            area("TRY-A", "TRY-M"),
            area("TRY-B", "TRY-N"),
        ],
        polygons=[outline("TRY-A", 10.0, 10.01), outline("TRY-B", 10.01, 10.02)],
        staff=[
            staff(1, area_code="TRY-M"),
            staff(2, area_code="TRY-N", phone=NEW_ELDER.facts["phone"]),
        ],
    )
    return district


def path_of(code: str) -> list[str]:
    return list(one("SELECT path FROM area WHERE code = %(code)s", code=code))


def merge(district: District, on_day: int = 0) -> None:
    """Send that M becomes part of N, as a register does: the change, and the grid's new parent."""
    district.send(
        areas=[area("TRY-A", "TRY-N", ver=2)],
        area_changes=[change("TRY-M", "TRY-N", on_day=days(on_day))],
    )


def test_the_old_community_ends_and_its_grid_lives_on_under_the_new(
    street: District, sign_in: Client
) -> None:
    """A case that is open there stays in its grid; it is seen from the new community alone."""
    path = file_at(sign_in(RESIDENT), WEST)
    old, new = sign_in(OLD_ELDER), sign_in(NEW_ELDER)
    assert (old.get(path).status_code, new.get(path).status_code) == (200, 404)
    merge(street)
    assert valid_to("TRY-M") == days(0)
    assert (valid_to("TRY-A"), path_of("TRY-A")) == (None, ["TRY-S", "TRY-N", "TRY-A"])
    assert (old.get(path).status_code, new.get(path).status_code) == (404, 200)
    assert new.post(f"{path}/claim").status_code == 200
    assert grid_of(new, path) == "TRY-A"


def test_before_its_day_the_old_community_stands(
    street: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    street.send(area_changes=[change("TRY-M", "TRY-N", on_day=days(1))])
    assert valid_to("TRY-M") == days(1)
    shown = "SELECT count(*) FROM area WHERE code = 'TRY-M' AND valid_to > %(day)s"
    assert one(shown, day=days(0)) == 1
    it_is(monkeypatch, days(1))
    assert one(shown, day=days(1)) == 0


def test_its_code_is_not_given_again(street: District) -> None:
    """A case of last year that names it must not mean another place."""
    merge(street)
    street.send(areas=[area("TRY-M", "TRY-S", sid="TRY-X", level="community")])
    sql = "SELECT code FROM sync_quarantine WHERE source = 'try-out' AND sid = 'TRY-X'"
    assert one(sql) == "CODE_REUSED"


def test_a_community_that_is_split_leaves_each_grid_where_the_register_puts_it(
    street: District,
) -> None:
    street.send(
        areas=[
            *(area(code, "TRY-S", level="community") for code in ("TRY-N1", "TRY-N2")),
            area("TRY-B", "TRY-N1", ver=2),
        ],
        area_changes=[change("TRY-N", each, "split") for each in ("TRY-N1", "TRY-N2")],
    )
    assert valid_to("TRY-N") == days(0)
    assert path_of("TRY-B") == ["TRY-S", "TRY-N1", "TRY-B"]
