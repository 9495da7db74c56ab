"""Whoever cannot be matched comes to a desk, where two members of staff hold the document."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from app.database import read, transaction, write
from app.identity.real_name.policy import SEEN_BY, may_see, seen_by
from app.policy import Actor, Grant, Role
from tests.identity.desk import CARD, COLLEAGUE, DESK, PASSPORT, confirm, proposed, standing
from tests.people import (
    NEWCOMER,
    RESIDENT,
    STAFF,
    Caller,
    Person,
    proved,
    staff_with,
)
from tests.signing_in import slug

Client = Callable[[Person], Caller]


def test_two_clerks_prove_somebody_of_the_register(
    clerks: tuple[Caller, Caller], sign_in: Client
) -> None:
    proof = proposed(clerks[0], CARD)
    assert standing(NEWCOMER) == (1, False), "one clerk alone proves nothing"
    done = confirm(clerks[1], proof, CARD["number"].lower())
    assert (done.status_code, (done.json or {})["state"]) == (200, "confirmed")
    assert standing(NEWCOMER) == (2, True)
    deeds = read(
        "SELECT deed, facts FROM audit_entry WHERE subject_kind = 'in-person-proof' ORDER BY id"
    )
    assert [row.deed for row in deeds] == ["proof-proposed", "proof-confirmed"]
    assert deeds[1].facts["document"] == "resident-card"
    assert CARD["number"] not in str(deeds)


def test_a_clerk_for_whom_the_register_names_no_desk_proves_nobody(
    clerks: tuple[Caller, Caller],
) -> None:
    proof, (_, placeless) = proposed(clerks[0], PASSPORT), clerks
    with transaction():
        write("UPDATE staff_grant SET area_code = NULL WHERE staff_sid = 'COLLEAGUE'")
    path = str(proof.headers["Location"])
    answers = {
        "propose": placeless.post("/api/v1/desk/proofs", CARD),
        "list": placeless.get("/api/v1/desk/proofs"),
        "show": placeless.get(path),
        "confirm": confirm(placeless, proof, PASSPORT["number"]),
        "decline": placeless.post(f"{path}/refusal", version=1),
    }
    told = {door: (answer.status_code, slug(answer)) for door, answer in answers.items()}
    assert told == dict.fromkeys(answers, (403, "desk-not-named"))
    assert standing(NEWCOMER) == (1, False)


def test_two_clerks_prove_a_holder_of_a_passport(clerks: tuple[Caller, Caller]) -> None:
    proof = proposed(clerks[0], PASSPORT)
    assert confirm(clerks[1], proof, "e 12345678").status_code == 200
    assert standing(NEWCOMER) == (2, False)


def test_neither_clerk_can_do_both_nor_prove_themselves(clerks: tuple[Caller, Caller]) -> None:
    proof = proposed(clerks[0], PASSPORT)
    assert slug(confirm(clerks[0], proof, PASSPORT["number"])) == "another-clerk-needed"
    refusal = f"{proof.headers['Location']}/refusal"
    assert slug(clerks[0].post(refusal, version=1)) == "another-clerk-needed"
    own = {**PASSPORT, "phone": COLLEAGUE.key}
    assert slug(clerks[1].post("/api/v1/desk/proofs", own)) == "another-clerk-needed"
    about_second = proposed(clerks[0], own)
    assert slug(confirm(clerks[1], about_second, own["number"])) == "another-clerk-needed"
    assert standing(NEWCOMER) == (1, False)


def test_the_second_clerk_reads_the_number_off_the_document(
    clerks: tuple[Caller, Caller],
) -> None:
    proof = proposed(clerks[0], PASSPORT)
    for _ in range(5):
        assert slug(confirm(clerks[1], proof, "E87654321")) == "identity-not-matched"
    assert slug(confirm(clerks[1], proof, PASSPORT["number"])) == "too-many"
    assert standing(NEWCOMER) == (1, False)


def test_a_proof_is_decided_once_and_by_who_has_seen_it(clerks: tuple[Caller, Caller]) -> None:
    proof = proposed(clerks[0], PASSPORT)
    assert slug(confirm(clerks[1], proof, PASSPORT["number"], version=7)) == "stale-version"
    path = proof.headers["Location"]
    assert slug(clerks[1].post(f"{path}/refusal")) == "version-needed"
    declined = clerks[1].post(f"{path}/refusal", version=1)
    assert (declined.json or {})["state"] == "declined"
    assert slug(confirm(clerks[1], proof, PASSPORT["number"], version=2)) == "proof-decided"
    assert standing(NEWCOMER) == (1, False)
    assert clerks[0].post("/api/v1/desk/proofs", PASSPORT).status_code == 201


def test_a_repeat_with_the_same_key_proposes_and_confirms_once(
    clerks: tuple[Caller, Caller],
) -> None:
    first = clerks[0].post("/api/v1/desk/proofs", PASSPORT, key="a-key-of-the-clerk")
    again = clerks[0].post("/api/v1/desk/proofs", PASSPORT, key="a-key-of-the-clerk")
    assert first.data == again.data
    assert slug(clerks[0].post("/api/v1/desk/proofs", PASSPORT)) == "proof-open"
    path = f"{first.headers['Location']}/confirmation"
    body = {"number": PASSPORT["number"], "born": PASSPORT["born"]}
    done = [clerks[1].post(path, body, version=1, key="another-key-of-it") for _ in range(2)]
    assert [each.status_code for each in done] == [200, 200]
    assert read("SELECT count(*) AS n FROM in_person_proof")[0].n == 1


def test_a_proof_lapses_after_a_day(
    clerks: tuple[Caller, Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = proposed(clerks[0], PASSPORT)
    with transaction():
        write("UPDATE in_person_proof SET lapses_at = now() - interval '1 second'")
    assert slug(confirm(clerks[1], proof, PASSPORT["number"])) == "proof-decided"
    shown = clerks[0].get(proof.headers["Location"]).json or {}
    assert shown["state"] == "lapsed"
    assert clerks[1].post("/api/v1/desk/proofs", PASSPORT).status_code == 201


def test_a_person_seen_in_person_takes_their_name_from_whoever_has_it(
    clerks: tuple[Caller, Caller], sign_in: Client
) -> None:
    """A lost phone, or somebody who knew name and number: the desk has seen the card."""
    before = sign_in(RESIDENT)
    proof = proposed(clerks[0], CARD)
    assert confirm(clerks[1], proof, CARD["number"]).status_code == 200
    assert standing(NEWCOMER) == (2, True)
    assert slug(before.get("/api/v1/me")) == "session-ended"
    level, bound = read(
        "SELECT level, resident_id FROM account a WHERE NOT EXISTS (SELECT FROM staff_grant g"
        " WHERE g.account_id = a.id) AND level = 1"
    )[0]
    assert (level, bound) == (1, None)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"phone": "19999999999"}, "identity-not-matched"),
        ({"name": "某某某"}, "identity-not-matched"),
        ({"number": "11010519491231002X"}, "identity-not-matched"),
        ({"number": "210603199003070010"}, "invalid"),
        ({"document": "passport"}, "invalid"),
        ({"document": "library-card"}, "invalid"),
        ({"name": "a\u0000b"}, "invalid"),
        ({"reason": " "}, "invalid"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    clerks: tuple[Caller, Caller], changes: dict[str, str], refusal: str
) -> None:
    answer = clerks[0].post("/api/v1/desk/proofs", {**CARD, **changes})
    assert slug(answer) == refusal
    assert read("SELECT count(*) AS n FROM in_person_proof")[0].n == 0
    assert CARD["number"] not in answer.text


def test_other_desks_and_other_roles_see_nothing(
    clerks: tuple[Caller, Caller], sign_in: Client
) -> None:
    proof = proposed(clerks[0], PASSPORT)
    path = proof.headers["Location"]
    elsewhere = proved(sign_in(staff_with("desk_clerk", area="DDHT-XQ-AM")))
    assert slug(elsewhere.get(path)) == "not-found"
    assert (elsewhere.get("/api/v1/desk/proofs").json or {})["items"] == []
    assert slug(confirm(elsewhere, proof, PASSPORT["number"])) == "not-found"
    for person in (RESIDENT, STAFF):
        assert slug(sign_in(person).get(path)) == "role-not-allowed"
        assert slug(sign_in(person).post("/api/v1/desk/proofs", PASSPORT)) == "role-not-allowed"
    listed = (clerks[1].get("/api/v1/desk/proofs").json or {})["items"]
    assert [(each["document"], each["proposed_by_me"]) for each in listed] == [("passport", False)]
    assert PASSPORT["number"] not in str(listed)


def test_the_rule_for_one_proof_and_for_many_agree(clerks: tuple[Caller, Caller]) -> None:
    proposed(clerks[0], PASSPORT)
    paths = read("SELECT path FROM area WHERE code = %(code)s", {"code": DESK})

    class Row:
        area_path = tuple(paths[0].path)

    for area in read("SELECT code FROM area"):
        actor = Actor(uuid.uuid4(), uuid.uuid4(), 1, (Grant(Role.DESK_CLERK, area.code),))
        many = read(f"SELECT count(*) AS n FROM in_person_proof p WHERE {SEEN_BY}", seen_by(actor))
        assert bool(many[0].n) == may_see(actor, Row()), area.code
    nobody = Actor(uuid.uuid4(), uuid.uuid4(), 1, (Grant(Role.GRID_WORKER, DESK),))
    assert not may_see(nobody, Row())


def test_a_proof_keeps_no_plain_number_or_reason(clerks: tuple[Caller, Caller]) -> None:
    proposed(clerks[0], PASSPORT)
    row = str(read("SELECT p::text FROM in_person_proof p")[0])
    assert PASSPORT["number"] not in row
    assert PASSPORT["reason"] not in row
    assert (
        clock.now() - timedelta(minutes=1)
        < read("SELECT proposed_at FROM in_person_proof")[0].proposed_at
    )
