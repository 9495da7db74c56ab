"""Cases are read by whose they are; what everybody may see of them names nobody."""

from collections.abc import Callable
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask
from psycopg.errors import InsufficientPrivilege

from app.database import NOBODY, Kind, Sight, look_as, look_back, read, transaction, write
from app.database.sight import SYSTEM
from community.requests import queries
from tests.access.things import undone
from tests.people import NEIGHBOUR, RESIDENT, STAFF, Caller, Person, account_of
from tests.requests_of import file
from tests.wall.rows import Somebody, plant, seeing, seen_as

Client = Callable[[Person], Caller]
CASES = "SELECT * FROM service_request"


def sight_of(person: Person) -> Sight:
    account = account_of(person)
    sql = "SELECT resident_id FROM account WHERE id = %(id)s"
    return Sight(Kind.RESIDENT, account, read(sql, {"id": account})[0].resident_id)


@pytest.fixture
def two(sign_in: Client) -> tuple[Sight, Sight]:
    """Return the sights of two residents who filed a case each."""
    for person in (RESIDENT, NEIGHBOUR):
        file(sign_in(person))
    return sight_of(RESIDENT), sight_of(NEIGHBOUR)


def test_a_look_without_a_condition_finds_ones_own_cases(two: tuple[Sight, Sight]) -> None:
    for sight in two:
        assert [row.account_id for row in seen_as(CASES, sight)] == [sight.account_id]
        assert [row.account_id for row in seen_as("SELECT * FROM matter_holder", sight)] == [
            sight.account_id
        ]
    assert seen_as(CASES, NOBODY) == []
    for kind in (Kind.STAFF, Kind.BEYOND, Kind.SYSTEM):
        assert len(seen_as(CASES, Sight(kind))) == 2


def test_whoever_acts_for_somebody_finds_their_cases_too_while_it_stands(
    two: tuple[Sight, Sight],
) -> None:
    mine, theirs = two
    assert mine.account_id
    assert mine.resident_id
    me = Somebody(mine.account_id, mine.resident_id, UUID(int=0), UUID(int=0))
    acting = (
        "UPDATE mandate SET state = %(state)s, principal_resident_id = %(whose)s,"
        " valid_from = current_date + %(first)s, valid_to = current_date + %(until)s"
    )
    with undone():
        plant("mandate", me)
        for state, first, until, expected in (
            ("standing", -9, 9, 2),
            ("standing", -9, -2, 1),
            ("standing", 2, 9, 1),
            ("revoked", -9, 9, 1),
        ):
            days = {"first": first, "until": until}
            write(acting, {"state": state, "whose": theirs.resident_id, **days})
            with seeing(mine):
                assert len(read(CASES)) == expected, (state, days)


def test_whoever_filed_it_for_another_finds_it(two: tuple[Sight, Sight]) -> None:
    mine, _ = two
    with undone():
        write("UPDATE service_request SET filed_by = %(me)s", {"me": mine.account_id})
        with seeing(mine):
            assert len(read(CASES)) == 2


def test_a_case_that_is_asked_for_without_whose_it_is_stays_hidden(
    sign_in: Client, two: tuple[Sight, Sight], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = (seen_as(CASES, sight)[0].id for sight in two)
    monkeypatch.setattr(queries, "ONE", queries.WHATEVER)
    assert sign_in(RESIDENT).get(f"/api/v1/requests/{theirs}").status_code == 404
    assert sign_in(NEIGHBOUR).get(f"/api/v1/requests/{theirs}").status_code == 200
    monkeypatch.setattr(queries, "MINE", queries.MINE.replace("{whose} AND", ""))
    for person, case in ((RESIDENT, mine), (NEIGHBOUR, theirs)):
        answer = sign_in(person).get("/api/v1/requests/mine").json or {}
        assert [item["id"] for item in answer["items"]] == [str(case)]


def test_what_happened_to_a_case_is_read_in_the_sight_of_who_asks(
    two: tuple[Sight, Sight],
) -> None:
    """A deed that forgets to ask whose the case is shows nothing of what happened to it."""
    mine, theirs = two
    case = SimpleNamespace(id=seen_as(CASES, theirs)[0].id, shared=False)
    for sight, some in ((theirs, True), (mine, False), (NOBODY, False)):
        token = look_as(sight)
        try:
            assert bool(queries.timeline(case)) == some, sight.kind
        finally:
            look_back(token)


def test_everybody_sees_where_cases_are_to_some_hundred_metres(two: tuple[Sight, Sight]) -> None:
    exact = {row.id: row for row in seen_as(CASES, SYSTEM)}
    for sight in (*two, NOBODY):
        pins = seen_as("SELECT * FROM request_pin", sight)
        assert {pin.id for pin in pins} == exact.keys()
        for pin in pins:
            case = exact[pin.id]
            assert (pin.lng, pin.lat) == (round(case.lng, 3), round(case.lat, 3))
    with undone():
        write("UPDATE service_request SET confidential = true")
        with seeing(two[0]):
            assert read("SELECT FROM request_pin") == []


def test_staff_alone_see_where_cases_are_exactly(two: tuple[Sight, Sight]) -> None:
    for sight in (*two, NOBODY):
        assert seen_as("SELECT FROM request_spot", sight) == []
    assert len(seen_as("SELECT FROM request_spot", Sight(Kind.STAFF, account_of(STAFF)))) == 2


def test_nothing_is_written_through_a_window_and_nobody_becomes_its_owner(app: Flask) -> None:
    for deed in (
        "UPDATE request_pin SET state = 'settled'",
        "UPDATE request_spot SET state = 'settled'",
        "DELETE FROM request_pin",
        "SET ROLE linli_window",
        "ALTER VIEW request_pin SET (security_invoker = true)",
        "CREATE OR REPLACE VIEW request_pin AS SELECT * FROM service_request",
        "ALTER POLICY windows ON service_request TO PUBLIC",
    ):
        with pytest.raises(InsufficientPrivilege), transaction():
            write(deed)
