"""People agree to one purpose at a time, and take it back as easily."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from app.database import read
from app.rights.purposes import PURPOSES
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
from tests.people import NEWCOMER, RESIDENT, WORKER, Caller, Person

Client = Callable[[Person], Caller]
CONSENTS = "/api/v1/me/consents"


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, slug(answer)


def agreed(caller: Caller) -> dict[tuple[str, str | None], Any]:
    items = (caller.get(CONSENTS).json or {})["items"]
    return {(each["purpose"]["code"], each["child"]): each["given_at"] for each in items}


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
        assert newcomer.post(CONSENTS, {"purpose": "identity-number"}).status_code == 204
    assert [code for (code, _), at in agreed(newcomer).items() if at] == ["identity-number"]
    for _ in range(2):
        assert newcomer.delete(f"{CONSENTS}/identity-number").status_code == 204
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


def of_child(**changes: Any) -> dict[str, Any]:
    return {"purpose": "child-services", "child": str(resident_id(CHILD["sid"])), **changes}


def test_a_guardian_agrees_for_their_child(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    assert refused(resident.post(CONSENTS, of_child())) == (403, "guardian-only")
    guarding(resident)
    assert resident.post(CONSENTS, of_child()).status_code == 204
    child = of_child()["child"]
    assert agreed(resident)["child-services", child]
    assert resident.delete(f"{CONSENTS}/child-services?child={child}").status_code == 204
    assert agreed(resident)["child-services", child] is None


def test_a_step_parent_agrees_only_once_a_desk_has_seen_papers(sign_in: Client) -> None:
    spouse = sign_in(SPOUSE)
    assert refused(spouse.post(CONSENTS, of_child())) == (403, "guardian-only")
    guardianship = guarding(spouse)
    assert guardianship["state"] == "asked"
    assert refused(spouse.post(CONSENTS, of_child())) == (403, "guardian-only")
    at_desk(guardianship, sign_in(clerk_of("DDHT-XQ-LT")), sign_in(WORKER))
    assert spouse.post(CONSENTS, of_child()).status_code == 204


@pytest.mark.parametrize("by", ["guardian", "desk"])
def test_what_a_guardian_agreed_to_ends_with_the_guardianship(sign_in: Client, by: str) -> None:
    resident = sign_in(RESIDENT)
    guardianship = guarding(resident)
    assert resident.post(CONSENTS, of_child()).status_code == 204
    caller = resident if by == "guardian" else sign_in(clerk_of("DDHT-XQ-LT"))
    ended = caller.post(f"/api/v1/guardianships/{guardianship['id']}/ending", version=1)
    assert ended.status_code == 200
    assert read("SELECT 1 FROM consent WHERE withdrawn_at IS NULL") == []
    assert refused(resident.post(CONSENTS, of_child())) == (403, "guardian-only")
    deeds = [row.deed for row in read("SELECT deed FROM audit_entry ORDER BY id")]
    assert deeds[-2:] == ["guardianship-end", "consent-withdrawn"]


def test_who_lives_with_the_child_no_more_agrees_to_nothing(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    guarding(resident)
    with household_split():
        assert refused(resident.post(CONSENTS, of_child())) == (403, "guardian-only")
    assert resident.post(CONSENTS, of_child()).status_code == 204


def test_nobody_agrees_for_a_child_that_is_not_theirs(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    needed = resident.post(CONSENTS, {"purpose": "child-services"})
    assert (needed.status_code, slug(needed)) == (409, "child-needed")
    other = resident.post(CONSENTS, {"purpose": "child-services", "child": str(uuid4())})
    assert (other.status_code, slug(other)) == (403, "guardian-only")
    body = {"purpose": "identity-number", "child": str(uuid4())}
    assert slug(resident.post(CONSENTS, body)) == "invalid"
    assert read("SELECT 1 FROM consent") == []
