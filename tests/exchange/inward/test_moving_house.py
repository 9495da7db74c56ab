"""Somebody moves house by the register: their rights move at the next request, and March stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import clock
from app.database import read, transaction, write
from app.identity.family import home_at
from tests.exchange.drops import District
from tests.exchange.records import GRIDS, address, household, resident
from tests.people import Caller, Person, account_of

Client = Callable[[Person], Caller]


def settle(district: District) -> UUID:
    """Have one person in the first of two homes, with an account; return the register's person."""
    district.send(
        addresses=[address(1), address(2, grid_code=GRIDS[1])],
        households=[household(1), household(2, address_sid="TRY-A2")],
        residents=[resident(1)],
    )
    person = read("SELECT id FROM resident WHERE sid = 'TRY-R1'")[0].id
    with transaction():
        write(
            "UPDATE account SET resident_id = %(person)s, level = 2 WHERE id = %(account)s",
            {"person": person, "account": account_of(MOVER)},
        )
    found: UUID = person
    return found


MOVER = Person("19999990041", verified=False)


def grid_seen(caller: Caller) -> str:
    return str((caller.get("/api/v1/me").json or {})["areas"][-1]["code"])


def test_rights_move_at_the_next_request_and_the_past_is_kept(
    district: District, sign_in: Client
) -> None:
    person, caller = settle(district), sign_in(MOVER)
    assert grid_seen(caller) == GRIDS[0]
    before = clock.now()
    district.send(residents=[resident(1, ver=2, household_sid="TRY-H2")])
    assert grid_seen(caller) == GRIDS[1]
    then, now = home_at(person, before), home_at(person, clock.now())
    assert then is not None
    assert now is not None
    assert (then.household_sid, then.grid_code) == ("TRY-H1", GRIDS[0])
    assert (now.household_sid, now.grid_code) == ("TRY-H2", GRIDS[1])


def test_a_household_that_moves_and_an_address_that_changes_its_grid_are_kept_as_well(
    district: District, sign_in: Client
) -> None:
    person, caller = settle(district), sign_in(MOVER)
    moments = [clock.now()]
    district.send(households=[household(1, ver=2, address_sid="TRY-A2")])
    moments.append(clock.now())
    district.send(addresses=[address(2, ver=2, grid_code=GRIDS[0])])
    moments.append(clock.now())
    assert grid_seen(caller) == GRIDS[0]
    found = [home_at(person, moment) for moment in moments]
    assert [(home.address_sid, home.grid_code) for home in found if home] == [
        ("TRY-A1", GRIDS[0]),
        ("TRY-A2", GRIDS[1]),
        ("TRY-A2", GRIDS[0]),
    ]
    early = home_at(person, datetime(2020, 1, 1, tzinfo=UTC))
    assert early is not None
    assert early.address_sid == "TRY-A1"


def test_what_does_not_move_writes_no_history(district: District, sign_in: Client) -> None:
    settle(district)
    district.send(residents=[resident(1, ver=2, relation="other")])
    assert read("SELECT count(*) AS n FROM past_home")[0].n == 0


def test_whoever_leaves_the_register_leaves_their_last_home_in_the_past(
    district: District, sign_in: Client
) -> None:
    settle(district)
    with transaction():
        write("DELETE FROM resident WHERE sid = 'TRY-R1'")
    kept = read("SELECT kind, was, until_at FROM past_home WHERE sid = 'TRY-R1'")[0]
    assert (kept.kind, kept.was) == ("resident", "TRY-H1")
    assert kept.until_at > clock.now() - timedelta(minutes=5)
