"""The register shows a guardian no more: their word counts no more, nor what they consented to."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from app import clock
from app.database import Kind, Sight, look_as, look_back, read, transaction, write
from app.identity.aging import age_some
from app.identity.numbers import check_digit
from tests.exchange.drops import District
from tests.exchange.records import GRIDS, address, household, number, resident
from tests.identity.households import Registered, resident_id, slug
from tests.people import Caller, Person, account_of
from tests.requests_of import NEW

Client = Callable[[Person], Caller]
GUARDIAN = Registered("19999990051", sid="TRY-R1")
CHILD = Registered("19999990052", sid="TRY-R2")


def childs_number(years: int = 10) -> str:
    first17 = f"210603{clock.today().year - years}0101943"
    return first17 + check_digit(first17)


def child(**changes: object) -> dict[str, object]:
    return resident(2, relation="child", id_number=childs_number(), phone=CHILD.key) | changes


def bound() -> bool:
    """Tell whether the child's account is theirs by name."""
    about = {"child": resident_id("TRY-R2")}
    return bool(read("SELECT 1 FROM account WHERE resident_id = %(child)s", about))


def behind_the_wall() -> bool:
    """Tell whether the server itself counts the guardian as one who acts for the child."""
    about = {"them": resident_id("TRY-R1"), "child": resident_id("TRY-R2")}
    token = look_as(Sight(Kind.RESIDENT, _account(GUARDIAN), about["them"]))
    try:
        return bool(read("SELECT linli_represents(%(child)s) AS acts", about)[0].acts)
    finally:
        look_back(token)


def consents(guardian: Caller, guardianship: str) -> int:
    return guardian.post(f"/api/v1/guardianships/{guardianship}/consent").status_code


@pytest.fixture
def family(district: District) -> Iterator[District]:
    """Return the sender of a household of a head and a child of ten, and of another household."""
    district.send(
        addresses=[address(1), address(2, grid_code=GRIDS[1])],
        households=[household(1), household(2, address_sid="TRY-A2")],
        residents=[resident(1, phone=GUARDIAN.key), child()],
    )
    while age_some():
        pass
    yield district
    with transaction():
        write(
            "UPDATE account SET resident_id = NULL, level = 1 WHERE id = ANY(%(them)s)",
            {"them": [_account(GUARDIAN), _account(CHILD)]},
        )


def _account(person: Registered) -> UUID:
    return account_of(Person(person.key, verified=False))


@pytest.fixture
def guardianship(family: District, sign_in: Client) -> dict[str, Any]:
    """Return a guardianship by the register, by which the child has an account by name."""
    guardian = sign_in(GUARDIAN)
    ward = {"name": "试行人", "id_number": childs_number()}
    made = guardian.post("/api/v1/guardianships", ward)
    assert made.status_code == 201, made.json
    guardianship = dict(made.json or {})
    assert guardianship["state"] == "standing"
    agreed = {"purpose": "child-services", "child": str(resident_id("TRY-R2"))}
    assert guardian.post("/api/v1/me/consents", agreed).status_code == 204
    assert consents(guardian, guardianship["id"]) == 200
    account_of(CHILD)
    assert bound()
    return guardianship


PARTED = {
    "the child lives elsewhere": [child(ver=2, household_sid="TRY-H2")],
    "the guardian lives elsewhere": [
        resident(1, phone=GUARDIAN.key, ver=2, household_sid="TRY-H2")
    ],
    "the child is no child of the head": [child(ver=2, relation="other")],
    "the guardian is no head": [resident(1, phone=GUARDIAN.key, ver=2, relation="spouse")],
}


@pytest.mark.parametrize("changed", PARTED.values(), ids=PARTED)
def test_what_the_register_shows_no_more_counts_no_more_at_the_next_request(
    family: District, guardianship: dict[str, Any], sign_in: Client, changed: list[Any]
) -> None:
    guardian, young = sign_in(GUARDIAN), sign_in(CHILD)
    for_child = {**NEW, "mandate": guardianship["id"]}
    filed = guardian.post("/api/v1/requests", for_child)
    assert filed.status_code == 201, filed.json
    case = f"/api/v1/requests/{(filed.json or {})['request']['id']}"
    assert guardian.get(case).status_code == 200
    assert behind_the_wall()
    family.send(residents=changed)
    assert (guardian.post("/api/v1/requests", for_child).json or {})["why"] == "unclear"
    assert guardian.get(case).status_code == 404
    assert not behind_the_wall()
    told = guardian.get(f"/api/v1/guardianships/{guardianship['id']}").json or {}
    assert told["state"] == "unclear"
    assert "请携带证件到窗口确认" in told["said_zh"]
    assert "papers to a desk" in told["said_en"]
    me = young.get("/api/v1/me").json or {}
    assert (me["level"], bound()) == (1, False), "a guardian's consent is that of a guardian"
    trail = read("SELECT subject_id FROM audit_entry WHERE deed = 'child-unbound'")
    assert [row.subject_id for row in trail] == [str(_account(CHILD))]
    again = young.post("/api/v1/me/verification", {"name": "试行人", "id_number": childs_number()})
    assert slug(again) == "guardian-needed"


def test_a_guardian_who_left_the_register_leaves_no_consent_behind(
    family: District, guardianship: dict[str, Any]
) -> None:
    family.send_all(residents=[child()])
    assert not read("SELECT 1 FROM resident WHERE sid = 'TRY-R1'")
    assert not bound()


def test_another_guardian_who_consented_keeps_the_account_as_it_is(
    family: District, guardianship: dict[str, Any]
) -> None:
    about = {"guardian": UUID(int=7), "child": resident_id("TRY-R2"), "id": UUID(int=8)}
    with transaction():
        write(
            "INSERT INTO resident (id, sid, name_sealed, id_number_sealed, id_number_index,"
            " household_sid, relation, age_class) VALUES (%(guardian)s, 'TRY-R9', '', '', 'nobody',"
            " 'TRY-H2', 'head', 'adult')",
            about,
        )
        write(
            "INSERT INTO guardianship (id, guardian_resident_id, ward_resident_id, basis, state,"
            " asked_at, begun_at, desk_first_by, desk_second_by) VALUES (%(id)s, %(guardian)s,"
            " %(child)s, 'desk', 'standing', now(), now(), gen_random_uuid(), gen_random_uuid())",
            about,
        )
        write("INSERT INTO guardian_consent VALUES (%(id)s, now())", about)
    family.send(residents=PARTED["the child lives elsewhere"])
    assert bound()


def test_who_turns_out_to_be_a_child_has_no_account_by_name_without_a_guardian(
    family: District,
) -> None:
    """A number was wrong, and with it the age."""
    family.send(residents=[resident(2, id_number=number(2), phone=CHILD.key, ver=2)])
    while age_some():
        pass
    account_of(CHILD)
    assert bound()
    family.send(residents=[child(ver=3)])
    while age_some():
        pass
    assert not bound()


def test_who_only_moves_house_with_the_guardian_keeps_all(
    family: District, guardianship: dict[str, Any], sign_in: Client
) -> None:
    moved = {"ver": 2, "household_sid": "TRY-H2"}
    family.send(residents=[resident(1, phone=GUARDIAN.key, **moved), child(**moved)])
    assert bound()
    told = sign_in(GUARDIAN).get(f"/api/v1/guardianships/{guardianship['id']}").json or {}
    assert told["state"] == "standing"
