"""One answer to who a child's guardian is, whoever asks: consents, matching, acting, many rows."""

from collections.abc import Callable
from itertools import product
from typing import Any
from uuid import UUID

from app import clock
from app.database import read, transaction, write
from app.identity.ages import class_of
from app.identity.guardians import guards, wards_of
from app.identity.guardianship import STANDS, State, state_at
from app.identity.mandates import Power, represented_by
from tests.identity.households import (
    CHILD,
    SPOUSE,
    at_desk,
    clerk_of,
    guarding,
    household_split,
    resident_id,
    slug,
)
from tests.identity.test_family import CHILDS_PHONE, WARD, Shown
from tests.identity.test_mandates import _as_loaded as loaded
from tests.people import NEIGHBOUR, NEWCOMER, RESIDENT, WORKER, Caller, Person

Client = Callable[[Person], Caller]


def guardians() -> list[Person]:
    """Return who of the child's household guards the child now."""
    child = resident_id(CHILD["sid"])
    return [each for each in (RESIDENT, SPOUSE, NEIGHBOUR) if guards(loaded(each), child)]


def represents(person: Person, guardianship: dict[str, Any]) -> bool:
    """Tell what the rule for many rows says of somebody."""
    actor = loaded(person)
    about = {"id": UUID(guardianship["id"]), "me": actor.account_id, "today": clock.today()}
    sql = f"SELECT {represented_by('%(id)s::uuid', Power.FOLLOW)} AS acts"
    return bool(read(sql, about | {"my_resident": actor.resident_id})[0].acts)


def test_living_in_the_household_makes_nobody_a_guardian(sign_in: Client) -> None:
    assert guardians() == []
    guarding(sign_in(RESIDENT))
    assert guardians() == [RESIDENT]
    assert [ward.age for ward in wards_of(loaded(RESIDENT))] == [10]
    assert wards_of(loaded(NEWCOMER)) == ()


def test_who_showed_papers_at_a_desk_is_one_whatever_the_household(sign_in: Client) -> None:
    guardianship = guarding(sign_in(SPOUSE))
    at_desk(guardianship, sign_in(clerk_of("DDHT-XQ-LT")), sign_in(WORKER))
    with household_split():
        assert guardians() == [SPOUSE]
        assert represents(SPOUSE, guardianship)


def test_after_a_household_split_an_old_consent_lets_no_child_be_matched(sign_in: Client) -> None:
    child, head = sign_in(CHILDS_PHONE), sign_in(RESIDENT)
    guardianship = guarding(head)
    assert head.post(f"/api/v1/guardianships/{guardianship['id']}/consent").status_code == 200
    with household_split():
        assert slug(child.post("/api/v1/me/verification", WARD)) == "guardian-needed"
        assert guardians() == []
        assert not represents(RESIDENT, guardianship)
    assert represents(RESIDENT, guardianship)
    assert child.post("/api/v1/me/verification", WARD).status_code == 204


def test_of_a_ward_whose_age_cannot_be_read_nobody_is_the_guardian(sign_in: Client) -> None:
    head = sign_in(RESIDENT)
    guardianship = guarding(head)
    sql = "SELECT id_number_sealed AS sealed, age_class FROM resident WHERE sid = %(sid)s"
    was = read(sql, {"sid": CHILD["sid"]})[0]._asdict()
    spoilt = "UPDATE resident SET id_number_sealed = %(sealed)s, age_class = %(age_class)s"
    where = f"{spoilt} WHERE sid = %(sid)s"
    try:
        with transaction():
            write(where, {"sealed": b"spoilt", "age_class": "unknown", "sid": CHILD["sid"]})
        assert guardians() == []
        assert not represents(RESIDENT, guardianship)
        told = head.get(f"/api/v1/guardianships/{guardianship['id']}").json or {}
        assert told["state"] == "unclear"
    finally:
        with transaction():
            write(where, {**was, "sid": CHILD["sid"]})
    assert guardians() == [RESIDENT]


RULE = f"""
SELECT {STANDS} AS stands
FROM unnest(%(states)s::text[], %(bases)s::text[], %(homes)s::text[], %(guardians)s::text[],
  %(wards)s::text[], %(classes)s::text[]) WITH ORDINALITY
  AS v(state, basis, home, guardian, ward, age_class, n),
LATERAL (SELECT v.state, v.basis) AS gs,
LATERAL (SELECT 'H1' AS household_sid, v.guardian AS relation) AS gd,
LATERAL (SELECT v.home AS household_sid, v.ward AS relation, v.age_class) AS wd ORDER BY n
"""
RELATIONS = ("head", "spouse", "child", "parent", "other")
STATES = ("asked", "standing", "refused", "ended")
said: Any = Shown


def test_the_rule_for_one_guardianship_and_for_many_agree(sign_in: Client) -> None:
    ages = (0, 13, 14, 17, 18, 60, None)
    held = list(product(STATES, ("register", "desk"), ("H1", "H2"), RELATIONS, RELATIONS, ages))
    states, bases, homes, guardians, wards, years = zip(*held, strict=True)
    about = {
        "states": list(states),
        "bases": list(bases),
        "homes": list(homes),
        "guardians": list(guardians),
        "wards": list(wards),
        "classes": ["unknown" if age is None else str(class_of(age)) for age in years],
    }
    many = [row.stands for row in read(RULE, about)]
    one = [
        state_at(said(state, basis, True, home == "H1", guardian, ward), age) == State.STANDING
        for state, basis, home, guardian, ward, age in held
    ]
    assert many == one
    assert {True, False} == set(many)
