"""People agree to one purpose at a time, and take it back as easily."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.identity.ages import CONSENTS_ALONE_FROM
from app.identity.register import person_of
from app.rights.purposes import PURPOSES
from tests.people import NEWCOMER, PEOPLE, RESIDENT, Caller, Person

Client = Callable[[Person], Caller]
CONSENTS = "/api/v1/me/consents"


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def agreed(caller: Caller) -> dict[tuple[str, str | None], Any]:
    items = (caller.get(CONSENTS).json or {})["items"]
    return {(each["purpose"]["code"], each["child"]): each["given_at"] for each in items}


@pytest.fixture
def child(app: Flask) -> Iterator[Any]:
    """Make a child under 14 one of the resident's household, and the resident its head."""
    before = read("SELECT id, household_sid, relation FROM resident")
    yield child_of_resident()
    with transaction():
        for row in before:
            write(
                "UPDATE resident SET household_sid = %(h)s, relation = %(r)s WHERE id = %(id)s"
                " AND (household_sid, relation) <> (%(h)s, %(r)s)",
                {"h": row.household_sid, "r": row.relation, "id": row.id},
            )


def child_of_resident() -> Any:
    with transaction():
        mine = write(
            "UPDATE resident SET relation = 'head' WHERE sid = %(sid)s RETURNING household_sid",
            {"sid": PEOPLE["resident"]["sid"]},
        )
        everybody = (person_of(row.id) for row in read("SELECT id FROM resident ORDER BY sid"))
        child = next(one for one in everybody if one and one.age < CONSENTS_ALONE_FROM)
        return write(
            "UPDATE resident SET household_sid = %(h)s, relation = 'child'"
            " WHERE id = %(child)s RETURNING id",
            {"h": mine[0].household_sid, "child": child.id},
        )[0].id


def test_every_purpose_has_words_a_basis_and_a_class() -> None:
    for purpose in PURPOSES.values():
        assert purpose.words.zh
        assert purpose.words.en
        assert purpose.basis.startswith("PIPL")
        assert purpose.separate or not purpose.sensitive, "PIPL 29"
        assert purpose.sensitive or not purpose.of_children, "PIPL 28"
    assert PURPOSES["precise-location"].sensitive
    assert PURPOSES["identity-number"].sensitive


def test_a_purpose_is_agreed_to_shown_and_withdrawn(sign_in: Client) -> None:
    newcomer = sign_in(NEWCOMER)
    assert set(agreed(newcomer).values()) == {None}
    for _ in range(2):
        assert newcomer.post(CONSENTS, {"purpose": "return-visit"}).status_code == 204
    assert [code for (code, _), at in agreed(newcomer).items() if at] == ["return-visit"]
    for _ in range(2):
        assert newcomer.delete(f"{CONSENTS}/return-visit").status_code == 204
    assert set(agreed(newcomer).values()) == {None}
    assert len(read("SELECT 1 FROM consent")) == 1
    deeds = [row.deed for row in read("SELECT deed FROM audit_entry ORDER BY id")]
    assert deeds == ["consent-given", "consent-withdrawn"]
    chains = {row.chain for row in read("SELECT chain FROM audit_entry")}
    assert chains == {"sharing"}


def test_sharing_the_phone_is_a_purpose_like_the_others(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    wrong = resident.post(CONSENTS, {"purpose": "phone-sharing"})
    assert slug(wrong) == "invalid"
    body = {"purpose": "phone-sharing", "phone": RESIDENT.facts["phone"]}
    assert resident.post(CONSENTS, body).status_code == 204
    assert (resident.get("/api/v1/me").json or {})["shares_phone"] is True
    assert resident.delete(f"{CONSENTS}/phone-sharing").status_code == 204
    assert (resident.get("/api/v1/me").json or {})["shares_phone"] is False
    kinds = [row.kind for row in read("SELECT kind FROM outbox ORDER BY seq")]
    assert kinds == ["phone-bound", "phone-unbound"]


def test_an_unknown_purpose_is_not_found(sign_in: Client) -> None:
    newcomer = sign_in(NEWCOMER)
    assert newcomer.post(CONSENTS, {"purpose": "advertising"}).status_code == 404
    assert newcomer.delete(f"{CONSENTS}/advertising").status_code == 404


def test_a_guardian_agrees_for_a_child_of_the_household(child: Any, sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    body = {"purpose": "child-services", "child": str(child)}
    assert resident.post(CONSENTS, body).status_code == 204
    assert agreed(resident)["child-services", str(child)]
    assert resident.delete(f"{CONSENTS}/child-services?child={child}").status_code == 204
    assert agreed(resident)["child-services", str(child)] is None


def test_nobody_agrees_for_a_child_that_is_not_theirs(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    needed = resident.post(CONSENTS, {"purpose": "child-services"})
    assert (needed.status_code, slug(needed)) == (409, "child-needed")
    other = resident.post(CONSENTS, {"purpose": "child-services", "child": str(uuid4())})
    assert (other.status_code, slug(other)) == (403, "guardian-only")
    body = {"purpose": "return-visit", "child": str(uuid4())}
    assert slug(resident.post(CONSENTS, body)) == "invalid"
    assert read("SELECT 1 FROM consent") == []
