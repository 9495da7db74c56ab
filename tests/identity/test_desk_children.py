"""Children at a desk: whatever they show, a guardian has consented, or they are refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from app.database import read
from tests.identity.desk import CARD, PASSPORT, confirm, proposed, standing
from tests.identity.households import CHILD, clerk_of, guarding
from tests.people import NEWCOMER, RESIDENT, Caller, Person, proved
from tests.signing_in import slug

Client = Callable[[Person], Caller]


def born_years_ago(years: int, days: int = 0) -> str:
    today = clock.today()
    return (today.replace(year=today.year - years, day=1) + timedelta(days=days)).isoformat()


UNNUMBERED = {
    "passport": "E12345678",
    "hk-macao-travel-permit": "H12345678",
    "taiwan-travel-permit": "12345678",
    "foreign-permanent-resident": "USA110188080812",
}


@pytest.mark.parametrize(("document", "number"), UNNUMBERED.items(), ids=UNNUMBERED)
def test_a_child_under_14_passes_no_desk_unseen_whatever_they_show(
    clerks: tuple[Caller, Caller], document: str, number: str
) -> None:
    shown = {**PASSPORT, "document": document, "number": number}
    for born in (born_years_ago(5), born_years_ago(14, days=40), clock.today().isoformat()):
        refused = clerks[0].post("/api/v1/desk/proofs", {**shown, "born": born})
        assert (refused.status_code, slug(refused)) == (403, "guardian-needed"), born
    assert not read("SELECT 1 FROM in_person_proof")
    grown = born_years_ago(14)
    done = confirm(clerks[1], proposed(clerks[0], {**shown, "born": grown}), number, born=grown)
    assert done.status_code == 200, done.json
    assert standing(NEWCOMER) == (2, False)


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        (None, "document-birth_date"),
        ("1800-01-01", "document-birth_date"),
        ("0001-01-01", "document-birth_date"),
        ("2999-01-01", "document-future"),
    ],
)
def test_a_birthday_that_cannot_be_is_refused_at_both_desks(
    clerks: tuple[Caller, Caller], born: str | None, reason: str
) -> None:
    proof = proposed(clerks[0], PASSPORT)
    for refused in (
        clerks[0].post("/api/v1/desk/proofs", {**PASSPORT, "born": born}),
        confirm(clerks[1], proof, PASSPORT["number"], born=born),
    ):
        faults = (refused.json or {})["errors"]
        assert [(each["pointer"], each["code"]) for each in faults] == [("/born", reason)]
    assert standing(NEWCOMER) == (1, False)


def test_a_birthday_says_nothing_else_than_the_number_on_the_card(
    clerks: tuple[Caller, Caller],
) -> None:
    refused = clerks[0].post("/api/v1/desk/proofs", {**CARD, "born": "1980-01-02"})
    assert [each["pointer"] for each in (refused.json or {})["errors"]] == ["/born"]


def test_the_second_clerk_reads_the_birthday_off_the_document_too(
    clerks: tuple[Caller, Caller],
) -> None:
    proof = proposed(clerks[0], PASSPORT)
    other = confirm(clerks[1], proof, PASSPORT["number"], born="1988-08-09")
    assert slug(other) == "identity-not-matched"
    kept = read("SELECT * FROM in_person_proof")[0]
    assert "1988" not in str(kept._asdict())


def test_a_consent_that_is_gone_by_the_second_clerk_is_gone(
    clerks: tuple[Caller, Caller], sign_in: Client
) -> None:
    guardian = sign_in(RESIDENT)
    consent = f"/api/v1/guardianships/{guarding(guardian)['id']}/consent"
    young = {**CARD, "number": CHILD["id_number"], "name": CHILD["name"]}
    assert slug(clerks[0].post("/api/v1/desk/proofs", young)) == "guardian-needed"
    assert guardian.post(consent).status_code == 200
    proof = proposed(clerks[0], young)
    assert guardian.delete(consent).status_code == 204
    assert slug(confirm(clerks[1], proof, young["number"])) == "guardian-needed"
    assert standing(NEWCOMER) == (1, False)
    assert guardian.post(consent).status_code == 200
    assert confirm(clerks[1], proof, young["number"]).status_code == 200
    assert standing(NEWCOMER) == (2, True)


def test_a_guardians_consent_counts_at_the_desk_of_another_area(
    clerks: tuple[Caller, Caller], sign_in: Client
) -> None:
    guardian = sign_in(RESIDENT)
    guardian.post(f"/api/v1/guardianships/{guarding(guardian)['id']}/consent")
    elsewhere = proved(sign_in(clerk_of("DDHT-DG-XX")))
    proposed(elsewhere, {**CARD, "number": CHILD["id_number"], "name": CHILD["name"]})
