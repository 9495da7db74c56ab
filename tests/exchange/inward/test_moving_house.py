"""Somebody moves house by the register: their rights move at the next request, and March stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app import clock
from app.database import read, statements_so_far, transaction, write
from app.identity.family import home_at, past_homes
from tests.exchange.drops import District
from tests.exchange.records import GRIDS, address, household, resident
from tests.identity.households import clerk_of
from tests.people import RESIDENT, Caller, Person, account_of, proved
from tests.requests_of import PLACE, file

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


SHARING = "/api/v1/me/household/sharing"
OLD, NEW = Person("19999990042", verified=False), Person("19999990043", verified=False)


def joined(person: Person, serial: int) -> None:
    """Have somebody of the register sign in as who they are there."""
    with transaction():
        write(
            "UPDATE account SET level = 2, resident_id = (SELECT id FROM resident"
            " WHERE sid = %(sid)s) WHERE id = %(account)s",
            {"sid": f"TRY-R{serial}", "account": account_of(person)},
        )


def shared_with(caller: Caller) -> list[str]:
    answer = caller.get("/api/v1/requests/mine?whose=household")
    assert answer.status_code == 200, answer.json
    return [each["id"] for each in (answer.json or {})["items"]]


def opened(caller: Caller, *cases: str) -> list[int]:
    return [caller.get(f"/api/v1/requests/{case}").status_code for case in cases]


def test_the_cases_of_the_household_are_those_of_the_new_one_at_the_next_request(
    district: District, sign_in: Client
) -> None:
    settle(district)
    mover = sign_in(MOVER)
    district.send(residents=[resident(2), resident(3, household_sid="TRY-H2")])
    for person, serial in ((OLD, 2), (NEW, 3)):
        joined(person, serial)
    old, new = (sign_in(person) for person in (OLD, NEW))
    at_old, at_new, of_mover = (file(each)["request"]["id"] for each in (old, new, mover))
    for each in (old, new, mover):
        assert each.post(SHARING).status_code == 204
    assert (shared_with(mover), opened(mover, at_old, at_new)) == ([at_old], [200, 404])
    assert (shared_with(old), shared_with(new)) == ([of_mover], [])
    district.send(residents=[resident(1, ver=2, household_sid="TRY-H2")])
    assert (shared_with(mover), opened(mover, at_old, at_new)) == ([at_new], [404, 200])
    assert (shared_with(old), opened(old, of_mover)) == ([], [404])
    assert shared_with(new) == [], "they agreed to share with the old household, and no other"
    assert opened(mover, of_mover) == [200], "what is one's own moves along"


def test_the_staff_who_see_a_person_are_those_of_the_new_grid_at_the_next_request(
    district: District, sign_in: Client
) -> None:
    person = settle(district)
    clerks = [proved(sign_in(clerk_of(area))) for area in ("DDHT-XQ-LT", "DDHT-DG-XX")]
    wanted = {"kind": "resident", "id": str(person), "field": "name", "reason": "call-back"}

    def seen() -> list[int]:
        words = {"words": "约定上门时间"}
        return [clerk.post("/api/v1/reveals", wanted | words).status_code for clerk in clerks]

    assert seen() == [201, 404]
    district.send(residents=[resident(1, ver=2, household_sid="TRY-H2")])
    assert seen() == [404, 201]


def test_what_is_public_near_a_place_is_the_same_wherever_one_lives(
    district: District, sign_in: Client
) -> None:
    settle(district)
    mover, near = sign_in(MOVER), f"/api/v1/requests?near={PLACE[0]},{PLACE[1]}&crs=wgs84"
    file(sign_in(RESIDENT))
    before = mover.get(near)
    assert (before.status_code, len((before.json or {})["items"])) == (200, 1), before.json
    district.send(residents=[resident(1, ver=2, household_sid="TRY-H2")])
    assert (mover.get(near).json or {})["items"] == (before.json or {})["items"]


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


def test_all_that_one_ever_lived_in_is_one_statement(district: District) -> None:
    person, homes = settle(district), ("TRY-H2", "TRY-H1")
    for ver in range(2, 12):
        moved = resident(1, ver=ver, household_sid=homes[ver % 2])
        district.send(residents=[moved])
    before = statements_so_far()
    lived = past_homes(person)
    assert statements_so_far() - before == 1
    assert [home.household_sid for home, _ in lived] == ["TRY-H1", "TRY-H2"] * 5
    assert all(home.grid_code in GRIDS for home, _ in lived)
    ends = [until for _, until in lived]
    assert ends == sorted(set(ends))
    for home, until in lived:
        assert home_at(person, until - timedelta(microseconds=1)) == home


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
