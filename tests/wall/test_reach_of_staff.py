"""What a member of staff reaches by a query that asks nothing: their areas, no trail of others."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.database import Kind, Sight, read, transaction, write
from tests.access.things import undone
from tests.identity.desk import PASSPORT
from tests.identity.households import clerk_of
from tests.people import (
    NEWCOMER,
    RESIDENT,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    bearer,
    proved,
    staff_with,
)
from tests.requests_of import file
from tests.wall.rows import Somebody, found, plant, seeing

HERE, ELSEWHERE = "DDHT-XQ-LT", "DDHT-DG-XX"
BY_AREA = ("mandate", "guardianship", "guardian_consent", "in_person_proof")


ADDED = (
    "INSERT INTO added_grant (id, kind, account_id, role, area_code, covered_account_id,"
    " valid_from, valid_to, reason_sealed, state, asked_by, asked_at, decided_by)"
    " VALUES (gen_random_uuid(), %(kind)s, %(to)s, %(role)s, %(area)s, %(of)s,"
    " current_date - 1, current_date + 9, 'x', 'standing', gen_random_uuid(), now(),"
    " gen_random_uuid())"
)
REGISTERED = (
    "INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code, valid_from)"
    " VALUES ('TRY-' || %(role)s, %(role)s, %(id)s, 'x', %(area)s, '2024-01-01')"
)


@pytest.fixture
def resident(app: Flask) -> Somebody:
    """Return somebody of a street, with a request."""
    caller = Caller(app, bearer(RESIDENT))
    account = account_of(RESIDENT)
    request = UUID(file(caller)["request"]["id"])
    sql = "SELECT resident_id AS id FROM account WHERE id = %(id)s"
    person = read(sql, {"id": account})[0].id
    sql = "SELECT id FROM sign_in_session WHERE account_id = %(id)s"
    return Somebody(account, person, read(sql, {"id": account})[0].id, request)


def sight_of(person: Person) -> Sight:
    return Sight(Kind.STAFF, account_of(person))


def planted(table: str, who: Somebody) -> Any:
    """Have a row of somebody at the desk of their street, in which nobody of the staff stands."""
    if table == "guardian_consent":
        ship = planted("guardianship", who)["id"]
        write(
            "INSERT INTO guardian_consent (guardianship_id, given_at) VALUES (%(id)s, now())",
            {"id": ship},
        )
        return {"guardianship_id": ship}
    key = plant(table, who)
    about = {"id": key["id"], "who": who.resident, "area": HERE}
    changes = {
        "mandate": "agent_account_id = gen_random_uuid(), principal_resident_id = %(who)s",
        "guardianship": "guardian_resident_id = gen_random_uuid(), ward_resident_id = %(who)s",
        "in_person_proof": "area_code = %(area)s",
    }
    write(f"UPDATE {table} SET {changes[table]} WHERE id = %(id)s", about)
    return key


@pytest.mark.parametrize("table", BY_AREA)
def test_a_bare_look_finds_what_lies_in_ones_areas_and_nothing_of_others(
    resident: Somebody, table: str
) -> None:
    people = {
        clerk_of(HERE): True,
        STAFF: True,  # of the whole zone
        clerk_of(ELSEWHERE): False,
        staff_with("department_handler"): False,
    }
    with undone():
        key = planted(table, resident)
        for person, reached in people.items():
            with seeing(sight_of(person)):
                assert found(table, key) == reached, person


def test_what_a_colleague_lends_and_what_is_added_is_reached_as_long_as_it_stands(
    resident: Somebody,
) -> None:
    far = clerk_of(ELSEWHERE)
    grant = {"kind": "grant", "role": "desk_clerk", "area": HERE, "of": None}
    cover = {"kind": "cover", "role": None, "area": None, "of": account_of(clerk_of(HERE))}
    for each in (grant, cover):
        with undone():
            key = planted("mandate", resident)
            write(ADDED, {**each, "to": account_of(far)})
            with seeing(sight_of(far)):
                assert found("mandate", key), each
            write("UPDATE added_grant SET state = 'revoked'")
            with seeing(sight_of(far)):
                assert not found("mandate", key), each


def cover_of(away: Person, to: Person) -> None:
    none = {"kind": "cover", "role": None, "area": None}
    write(ADDED, {**none, "of": account_of(away), "to": account_of(to)})


LEFT = "UPDATE staff_grant SET valid_to = current_date WHERE account_id = %(id)s"
CLOSED = "UPDATE account SET status = 'closed' WHERE id = %(id)s"


@pytest.mark.parametrize("end", [LEFT, CLOSED])
def test_who_has_left_lends_nothing_and_keeps_nothing_that_was_added(
    resident: Somebody, end: str
) -> None:
    """The wall asks what the program asks: an office by the register, and an open account."""
    away, far = clerk_of("DDHT-XQ-JH"), clerk_of(ELSEWHERE)
    extra = {"kind": "grant", "role": "desk_clerk", "area": HERE, "of": None}
    with undone():
        key = planted("mandate", resident)
        write(ADDED, {**extra, "to": account_of(away)})
        cover_of(away, far)
        with seeing(sight_of(far)):
            assert found("mandate", key), "lent, as long as the colleague is in office"
        write(end, {"id": account_of(away)})
        with seeing(sight_of(far)):
            assert not found("mandate", key)
        if end == LEFT:
            with seeing(sight_of(away)):
                assert not found("mandate", key)


def test_the_administrators_roles_open_no_area_and_are_lent_to_nobody(resident: Somebody) -> None:
    far, near = clerk_of(ELSEWHERE), staff_with("department_handler")
    with undone():
        key = planted("mandate", resident)
        write(REGISTERED, {"role": "administrator", "id": account_of(near), "area": HERE})
        cover_of(near, far)
        for person in (near, far):
            with seeing(sight_of(person)):
                assert not found("mandate", key), person


def test_of_an_auditor_who_runs_the_system_as_well_neither_role_counts(resident: Somebody) -> None:
    auditor = staff_with("auditor")
    with undone():
        key = plant("audit_entry", resident)
        write(REGISTERED, {"role": "administrator", "id": account_of(auditor), "area": None})
        with seeing(sight_of(auditor)):
            assert not found("audit_entry", key)


def test_the_trail_is_read_by_auditors_and_by_each_of_their_own(resident: Somebody) -> None:
    with undone():
        key = plant("audit_entry", resident)
        for person, reached in ((staff_with("auditor"), True), (STAFF, False), (WORKER, False)):
            with seeing(sight_of(person)):
                assert found("audit_entry", key) == reached, person
        with seeing(Sight(Kind.RESIDENT, account_of(staff_with("auditor")))):
            assert not found("audit_entry", key), "as a resident an auditor is none"


def test_who_looked_at_whom_is_known_to_the_two(resident: Somebody) -> None:
    with undone():
        key = plant("reveal", resident)
        write("UPDATE reveal SET by_account = %(by)s", {"by": account_of(WORKER)})
        for person, reached in ((WORKER, True), (STAFF, False), (clerk_of(HERE), False)):
            with seeing(sight_of(person)):
                assert found("reveal", key) == reached, person


def test_a_proof_that_lapsed_at_another_desk_makes_room(
    app: Flask, sign_in: Callable[[Person], Caller]
) -> None:
    account_of(NEWCOMER)
    first, second = (proved(sign_in(clerk_of(area))) for area in (HERE, ELSEWHERE))
    assert first.post("/api/v1/desk/proofs", PASSPORT).status_code == 201
    with transaction():
        write("UPDATE in_person_proof SET lapses_at = now() - interval '1 second'")
    assert second.post("/api/v1/desk/proofs", PASSPORT).status_code == 201
