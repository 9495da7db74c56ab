"""A record that comes before what it needs waits, unseen, and comes home with what was missing."""

from collections.abc import Sequence
from itertools import permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read
from tests.exchange.drops import (
    SOURCE,
    District,
    Row,
    Told,
    drifts,
    keys_of,
    mirrored,
    one,
    tally,
)
from tests.exchange.inward.telling import gone as deleted
from tests.exchange.inward.telling import tell, tell_all
from tests.exchange.records import GRIDS, address, area, household, matter, resident, staff

FEW = settings(
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PARKED = {"in": 1, "inserted": 1, "waiting": 1}
CHAIN: dict[str, Row] = {
    "areas": area("TRY-G", None),
    "addresses": address(grid_code="TRY-G"),
    "households": household(),
    "residents": resident(),
}
TABLES = {"areas": "area", "addresses": "address", "households": "household"}
TABLES |= {"residents": "resident"}


def waiting() -> dict[str, list[tuple[str, str]]]:
    """Return who waits for which field, by stream."""
    return {
        stream: [(row.sid, row.waits_for) for row in mirrored(stream, "sid, waits_for")]
        for stream in CHAIN
        if any(row.waits_for for row in mirrored(stream, "waits_for"))
    }


def place_of(sid: str = "TRY-H1") -> object:
    return one("SELECT address_sid FROM household WHERE sid = %(sid)s", sid=sid)


def test_a_household_without_its_address_waits_and_is_not_seen(district: District) -> None:
    assert tell(district, "households", household()) == PARKED
    assert keys_of("household") == []
    assert waiting() == {"households": [("TRY-H1", "address_sid")]}
    assert one("SELECT sum(n_waiting) FROM sync_batch WHERE source = 'try-out'") == 1


def test_it_comes_home_in_the_transaction_that_brings_its_address(district: District) -> None:
    tell(district, "households", household())
    assert tell(district, "addresses", address()) == {"in": 1, "inserted": 1, "home": 1}
    assert keys_of("household") == ["TRY-H1"]
    assert waiting() == {}
    assert one("SELECT sum(n_home) FROM sync_batch WHERE source = 'try-out'") == 1


def test_a_chain_comes_home_at_once(district: District) -> None:
    """The area comes last: the address, the household and the resident come home with it."""
    for stream in ("residents", "households", "addresses"):
        assert tell(district, stream, CHAIN[stream]) == PARKED
    assert tell(district, "areas", CHAIN["areas"]) == {"in": 1, "inserted": 1, "home": 3}
    assert [keys_of(table) for table in TABLES.values() if table != "area"] == [
        ["TRY-A1"],
        ["TRY-H1"],
        ["TRY-R1"],
    ]


@pytest.mark.parametrize("order", list(permutations(CHAIN)), ids="-".join)
def test_who_comes_first_does_not_matter(district: District, order: Sequence[str]) -> None:
    home = waited = 0
    for stream in order:
        counts = tell(district, stream, CHAIN[stream])
        waited += counts.get("waiting", 0)
        home += counts.get("home", 0)
    assert waited == home
    assert waiting() == {}
    assert keys_of("area", "code") == ["TRY-G"]
    for table in ("address", "household", "resident"):
        assert len(keys_of(table)) == 1, table


def town() -> list[tuple[str, Row]]:
    """Return two of each, of which the second versions have moved."""
    both: list[tuple[str, Row]] = [("areas", area(f"TRY-G{n}", None)) for n in (1, 2)]
    for n, v in product((1, 2), (1, 2)):
        both += [
            ("addresses", address(n, ver=v, grid_code=f"TRY-G{v}")),
            ("households", household(n, ver=v, address_sid=f"TRY-A{3 - n if v == 2 else n}")),
            ("residents", resident(n, ver=v, household_sid=f"TRY-H{3 - n if v == 2 else n}")),
        ]
    return both


@FEW
@given(events=st.permutations(town()))
def test_a_town_ends_alike_in_any_order(
    district: District, events: Sequence[tuple[str, Row]]
) -> None:
    """What is here when all has come does not depend on how it came."""
    district.forget()
    for stream, row in events:
        tell(district, stream, row)
    assert waiting() == {}
    found = {
        "address": "sid, grid_code",
        "household": "sid, address_sid",
        "resident": "sid, household_sid",
    }
    ends = {
        table: [tuple(row) for row in read(f"SELECT {names} FROM {table} WHERE sid LIKE 'TRY%%'")]
        for table, names in found.items()
    }
    assert {table: sorted(rows) for table, rows in ends.items()} == {
        "address": [("TRY-A1", "TRY-G2"), ("TRY-A2", "TRY-G2")],
        "household": [("TRY-H1", "TRY-A2"), ("TRY-H2", "TRY-A1")],
        "resident": [("TRY-R1", "TRY-H2"), ("TRY-R2", "TRY-H1")],
    }


def test_a_household_that_moves_to_an_unknown_address_keeps_its_old_place_until_it_comes(
    settled: District,
) -> None:
    counts = tell(settled, "households", household(ver=2, address_sid="TRY-A9"))
    assert counts == {"in": 1, "updated": 1, "waiting": 1}
    assert place_of() == "TRY-A1"
    assert tell(settled, "addresses", address(9)) == {"in": 1, "inserted": 1, "home": 1}
    assert place_of() == "TRY-A9"


def test_a_household_that_waits_in_its_old_place_still_has_its_people(settled: District) -> None:
    """Who moves in, or changes there, need not wait for an address that nobody sends."""
    tell(settled, "residents", resident())
    tell(settled, "households", household(ver=2, address_sid="TRY-A9"))
    assert tell(settled, "residents", resident(ver=2, relation="child"), resident(2)) == {
        "in": 2,
        "updated": 1,
        "inserted": 1,
    }
    assert waiting() == {"households": [("TRY-H1", "address_sid")]}
    assert keys_of("resident") == ["TRY-R1", "TRY-R2"]
    assert one("SELECT relation FROM resident WHERE sid = 'TRY-R1'") == "child"


def test_what_stands_and_is_not_over_is_there_for_others(district: District) -> None:
    """A matter of which news waits is still done at the points; one that ended is not."""
    tell(district, "matters", matter("TRY-M"))
    tell(district, "matters", matter("TRY-M", ver=2, department_code="TRY-NONE"))
    pair = {"sid": "TRY-PM", "ver": 1, "point_code": "SP01", "matter_code": "TRY-M"}
    assert tell(district, "point_matters", pair | {"depth": "accept"}) == {"in": 1, "inserted": 1}
    tell(district, "matters", deleted("TRY-M", 3))
    back = matter("TRY-M", ver=4, department_code="TRY-NONE")
    assert tell(district, "matters", back) == {"in": 1, "updated": 1, "waiting": 1}
    again = pair | {"ver": 2, "depth": "consult"}
    assert tell(district, "point_matters", again) == {"in": 1, "updated": 1, "waiting": 1}


def test_who_needs_what_never_stood_here_waits_with_it(settled: District) -> None:
    tell(settled, "households", household(8, address_sid="TRY-A9"))
    assert tell(settled, "residents", resident(household_sid="TRY-H8")) == PARKED
    assert tell(settled, "addresses", address(9)) == {"in": 1, "inserted": 1, "home": 2}


def test_a_household_that_thinks_better_of_it_waits_no_more(settled: District) -> None:
    tell(settled, "households", household(ver=2, address_sid="TRY-A9"))
    counts = tell(settled, "households", household(ver=3, address_sid="TRY-A2"))
    assert counts == {"in": 1, "updated": 1}
    assert place_of() == "TRY-A2"
    assert "home" not in tell(settled, "addresses", address(9))
    assert place_of() == "TRY-A2"


def test_what_waits_is_not_asked_after_twice(district: District) -> None:
    """The same file again, while the address is still missing: nothing changes, all is counted."""
    tell(district, "households", household())
    assert tell(district, "households", household()) == {"in": 1, "same": 1}
    assert waiting() == {"households": [("TRY-H1", "address_sid")]}


def test_a_need_of_two_things_is_met_when_both_are_there(district: District) -> None:
    member = staff(area_code="TRY-G", department_code="TRY-D")
    assert tell(district, "staff", member) == PARKED
    department = {"sid": "TRY-D", "ver": 1, "code": "TRY-D", "name": "试行局"}
    department |= {"credit_code": credit_code(), "valid_from": "2024-01-01"}
    assert "home" not in tell(district, "areas", area("TRY-G", None))
    assert keys_of("staff_grant", "staff_sid") == []
    home = tell(district, "departments", department)
    assert home == {"in": 1, "inserted": 1, "home": 1}
    assert keys_of("staff_grant", "staff_sid") == ["TRY-S1"]


def credit_code() -> str:
    """Return a sound code of a department of the sample."""
    return str(one("SELECT min(credit_code) FROM department"))


def test_a_need_that_is_left_empty_is_none(district: District) -> None:
    assert tell(district, "staff", staff(area_code="")) == {"in": 1, "inserted": 1}


def test_a_code_counts_wherever_it_came_from_and_a_key_only_at_home(district: District) -> None:
    """Grids are the zone's, whoever names them; one source's keys mean nothing in another."""
    elsewhere = Told({"addresses": [[address()]]}, source=f"{SOURCE}-two")
    assert tally(district.hear(elsewhere)["addresses"].counts) == {"in": 1, "inserted": 1}
    assert tell(district, "households", household()) == PARKED


@pytest.mark.parametrize("gone", ["op", "absence"])
def test_who_needed_what_is_gone_stays(settled: District, gone: str) -> None:
    """The register takes an address away: the people who lived there are not lost with it."""
    tell(settled, "residents", resident())
    if gone == "op":
        tell(settled, "addresses", deleted("TRY-A1", 2))
    else:
        tell_all(settled, "addresses", address(2, grid_code=GRIDS[1]))
    assert keys_of("address") == ["TRY-A2"]
    assert keys_of("household") == ["TRY-H1"]
    assert keys_of("resident") == ["TRY-R1"]
    assert waiting() == {}
    assert tell(settled, "households", household(ver=2)) == {"in": 1, "updated": 1, "waiting": 1}
    assert keys_of("household") == ["TRY-H1"]
    assert tell(settled, "addresses", address(ver=3)) == {"in": 1, "updated": 1, "home": 1}
    assert waiting() == {}


@pytest.mark.parametrize("gone", ["op", "absence"])
def test_what_is_gone_while_it_waits_does_not_come_home(district: District, gone: str) -> None:
    tell(district, "households", household())
    go(district, gone)
    assert "home" not in tell(district, "addresses", address())
    assert keys_of("household") == []


@pytest.mark.parametrize("gone", ["op", "absence"])
def test_what_waits_in_its_new_place_and_is_gone_leaves_its_old_one(
    settled: District, gone: str
) -> None:
    """A household moved to an unknown address, then away: it must not stand here for good."""
    tell(settled, "households", household(ver=2, address_sid="TRY-A9"))
    go(settled, gone)
    assert keys_of("household") == []


def go(district: District, gone: str) -> None:
    """Delete the only household, by word or by leaving it out."""
    if gone == "op":
        tell(district, "households", deleted("TRY-H1", 9))
    else:
        tell_all(district, "households")


def test_a_role_that_changes_while_it_waits_is_not_kept_beside_the_new_one(
    district: District,
) -> None:
    """Nobody keeps a power because the record that ends it had to wait."""
    tell(district, "staff", staff())
    tell(district, "staff", staff(ver=2, area_code="TRY-NOWHERE"))
    tell(district, "staff", staff(ver=3, role="auditor", area_code=""))
    found = read("SELECT role FROM staff_grant WHERE staff_sid = 'TRY-S1'", {})
    assert [row.role for row in found] == ["auditor"]


def test_waiting_is_no_drift(district: District) -> None:
    tell(district, "households", household())
    assert drifts() == {}


def test_what_lies_in_the_mirror_alone_brings_home_and_closes_what_was_aside(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that nothing is made of are looked at all the same, also where none was before."""
    for name, value in {"project": None, "needs": ()}.items():
        monkeypatch.setitem(district.named("addresses").__dict__, name, value)
    assert tell(district, "households", household()) == PARKED
    assert tell(district, "addresses", address(lng="far")) == {"in": 1, "bad": 1}
    assert tell(district, "addresses", address()) == {"in": 1, "inserted": 1, "home": 1}
    assert waiting() == {}
    assert one("SELECT status FROM sync_quarantine WHERE source = 'try-out'") == "superseded"
