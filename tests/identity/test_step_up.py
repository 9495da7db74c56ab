"""Sensitive deeds want a fresh proof: by an authenticator, a recovery code, or a code by phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.identity.step_up.authenticator import code_at, new_recovery_codes, normal_code, step_of
from app.policy import STAFF_ROLES, Actor, PolicyTable, Role
from app.policy.step_up import FRESH, lacking
from app.privacy import vault
from tests.house.test_policy import path_of
from tests.identity.households import slug
from tests.people import RESIDENT, STAFF, Caller, Person, account_of, proved, staff_with

Client = Callable[[Person], Caller]

SENSITIVE = {
    "family.confirm_at_desk",
    "mandates.sign_at_desk",
    "real_name.confirm_proof",
    "real_name.propose_proof",
    "rights.close_account",
    "rights.reveal_field",
    "rights.take_export",
    "staff.approve_grant",
    "staff.ask_cover",
    "staff.ask_grant",
    "staff.disable_account",
    "staff.enable_account",
    "staff.remove_authenticator",
    "step_up.confirm_authenticator",
    "step_up.enrol_authenticator",
    "step_up.remove_authenticator",
    "sync.decide_hold",
}
"""Which operations want it is decided here, and seen in a review: grants and approvals, a desk's
word, accounts that end, what is shown unmasked, second factors, held deletions."""

SECRET = b"12345678901234567890"


def flagged(app: Flask) -> set[str]:
    document = app.extensions["linli.description"]()
    return {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and operation.get("x-step-up")
    }


def code_sent() -> str:
    row = read("SELECT reference, text_sealed FROM sms_message ORDER BY id")[-1]
    words = vault.open("sms.text", row.reference, row.text_sealed)
    return next(part for part in words.replace(",", " ").split() if part.isdigit())


def prove_by_phone(caller: Caller, person: Person) -> None:
    asked = caller.post("/api/v1/me/proof-codes", {"phone": person.facts["phone"]})
    assert asked.status_code == 202, asked.json
    assert caller.post("/api/v1/me/proofs", {"code": code_sent()}).status_code == 204


def now_code(secret: str, steps: int = 0) -> str:
    import base64

    return code_at(base64.b32decode(secret), clock.now().timestamp() + 30 * steps)


def enrolled(caller: Caller, person: Person) -> tuple[str, list[str]]:
    prove_by_phone(caller, person)
    secret = (caller.post("/api/v1/me/authenticator").json or {})["secret"]
    done = caller.post("/api/v1/me/authenticator/confirmation", {"code": now_code(secret, -1)})
    assert done.status_code == 200, done.json
    return secret, (done.json or {})["recovery_codes"]


def test_the_sensitive_operations_are_those_that_want_a_proof(app: Flask) -> None:
    rooms = {each.split(".")[0] for each in SENSITIVE}
    assert {each for each in flagged(app) if each.split(".")[0] in rooms} == SENSITIVE


def test_each_of_them_is_closed_without_a_proof_whoever_asks(app: Flask, sign_in: Client) -> None:
    """Before anything is read or written: with every role, a right body or none."""
    table: PolicyTable = app.extensions["linli.policy"]
    by_role: dict[Role, Caller] = {role: sign_in(staff_with(str(role))) for role in STAFF_ROLES}
    by_role[Role.RESIDENT] = sign_in(RESIDENT)
    asked = 0
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD"}:
            if rule.endpoint not in flagged(app):
                continue
            for role in table.rows[rule.endpoint, method]:
                answer = app.test_client().open(
                    path_of(rule.rule), method=method, headers=by_role[role].headers
                )
                assert (answer.status_code, slug(answer)) == (403, "step-up-needed"), rule
                assert (answer.json or {})["how"] == "phone"
                asked += 1
    assert asked >= len(SENSITIVE)


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, SHA-1, the last six of its eight digits."""
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert code_at(SECRET, seconds) == code
        assert step_of(SECRET, code, seconds) == seconds // 30
        assert step_of(SECRET, code, seconds + 30) == seconds // 30
        assert step_of(SECRET, code, seconds + 61) is None
    assert normal_code(" 123 456\n") == "123456"
    assert normal_code("abcd-efgh") == "ABCDEFGH"
    assert len(set(new_recovery_codes())) == 10


@pytest.mark.parametrize(
    ("ago", "how", "has_totp", "phone_enough", "lacks"),
    [
        (timedelta(seconds=299), "totp", True, False, None),
        (FRESH, "totp", True, False, "totp"),
        (timedelta(seconds=-1), "totp", True, False, "totp"),
        (timedelta(), "phone", False, True, None),
        (timedelta(), "phone", False, False, "enrol"),
        (timedelta(), "phone", True, True, "totp"),
        (None, None, False, True, "phone"),
        (None, None, False, False, "enrol"),
    ],
)
def test_what_is_lacking(
    ago: timedelta | None, how: str | None, has_totp: bool, phone_enough: bool, lacks: str | None
) -> None:
    import uuid

    now = clock.now()
    at = None if ago is None else now - ago
    actor = Actor(uuid.uuid4(), uuid.uuid4(), 1, proved_at=at, proved_how=how, has_totp=has_totp)
    assert lacking(actor, now, phone_enough) == lacks


def test_a_code_by_phone_proves_for_five_minutes_where_nothing_is_enrolled(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = sign_in(STAFF)
    strange = staff.post("/api/v1/me/proof-codes", {"phone": "19999990001"})
    assert (strange.status_code, (strange.json or {})["errors"][0]["code"]) == (422, "not-bound")
    prove_by_phone(staff, STAFF)
    assert staff.post("/api/v1/me/authenticator").status_code == 201
    later = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert slug(staff.post("/api/v1/me/authenticator")) == "step-up-needed"


def test_a_code_by_phone_is_used_once_tried_five_times_and_good_for_its_session(
    sign_in: Client,
) -> None:
    staff, other_device = sign_in(STAFF), sign_in(STAFF)
    staff.post("/api/v1/me/proof-codes", {"phone": STAFF.facts["phone"]})
    code = code_sent()
    assert slug(other_device.post("/api/v1/me/proofs", {"code": code})) == "proof-refused"
    spaced = f" {code[:3]} {code[3:]} "
    assert staff.post("/api/v1/me/proofs", {"code": spaced}).status_code == 204
    assert slug(staff.post("/api/v1/me/proofs", {"code": code})) == "proof-refused"
    with transaction():
        write("DELETE FROM attempt_counter")
    staff.post("/api/v1/me/proof-codes", {"phone": STAFF.facts["phone"]})
    code = code_sent()
    for _ in range(5):
        assert slug(staff.post("/api/v1/me/proofs", {"code": "x"})) == "proof-refused"
    assert slug(staff.post("/api/v1/me/proofs", {"code": code})) == "too-many"
    with transaction():
        write("DELETE FROM attempt_counter")
    assert slug(staff.post("/api/v1/me/proofs", {"code": code})) == "proof-refused"


def test_an_authenticator_counts_once_confirmed_and_no_step_is_taken_twice(
    sign_in: Client,
) -> None:
    staff = sign_in(STAFF)
    prove_by_phone(staff, STAFF)
    offered = staff.post("/api/v1/me/authenticator").json or {}
    assert offered["address"].startswith("otpauth://totp/")
    assert STAFF.facts["phone"] not in str(offered)
    wrong = staff.post("/api/v1/me/authenticator/confirmation", {"code": "000 00"})
    assert slug(wrong) == "proof-refused"
    code = now_code(offered["secret"])
    done = staff.post("/api/v1/me/authenticator/confirmation", {"code": f" {code[:3]} {code[3:]}"})
    assert len((done.json or {})["recovery_codes"]) == 10
    assert slug(staff.post("/api/v1/me/proofs", {"code": code})) == "proof-refused"
    ahead = now_code(offered["secret"], 1)
    with transaction():
        write("DELETE FROM attempt_counter")
    assert staff.post("/api/v1/me/proofs", {"code": ahead}).status_code == 204
    assert slug(staff.post("/api/v1/me/proofs", {"code": ahead})) == "proof-refused"
    assert slug(staff.post("/api/v1/me/authenticator")) == "authenticator-enrolled"


def test_whoever_has_an_authenticator_is_not_let_through_by_phone(sign_in: Client) -> None:
    staff, other_device = sign_in(STAFF), sign_in(STAFF)
    prove_by_phone(other_device, STAFF)
    enrolled(staff, STAFF)
    refused = other_device.delete("/api/v1/me/authenticator")
    assert (slug(refused), (refused.json or {})["how"]) == ("step-up-needed", "totp")
    phone = {"phone": STAFF.facts["phone"]}
    assert slug(staff.post("/api/v1/me/proof-codes", phone)) == "authenticator-enrolled"


def test_a_recovery_code_is_good_once_however_it_is_typed(sign_in: Client) -> None:
    staff = sign_in(STAFF)
    _, codes = enrolled(staff, STAFF)
    written = codes[0].replace("-", " ").lower()
    assert staff.post("/api/v1/me/proofs", {"code": written}).status_code == 204
    assert slug(staff.post("/api/v1/me/proofs", {"code": codes[0]})) == "proof-refused"
    assert staff.delete("/api/v1/me/authenticator").status_code == 204
    assert slug(staff.post("/api/v1/me/authenticator")) == "step-up-needed"
    assert read("SELECT count(*) AS n FROM recovery_code")[0].n == 0


def test_tries_are_counted_before_the_code_is_looked_at(sign_in: Client) -> None:
    staff = sign_in(STAFF)
    secret, _ = enrolled(staff, STAFF)
    with transaction():
        write("DELETE FROM attempt_counter")
    for _ in range(5):
        staff.post("/api/v1/me/proofs", {"code": "000000x"})
    answer = staff.post("/api/v1/me/proofs", {"code": now_code(secret, 1)})
    assert (answer.status_code, slug(answer)) == (429, "too-many")


def test_an_authenticator_that_is_lost_is_taken_away_by_a_security_administrator(
    sign_in: Client,
) -> None:
    staff = sign_in(STAFF)
    enrolled(staff, STAFF)
    security = proved(sign_in(staff_with("security_administrator")))
    path = f"/api/v1/accounts/{account_of(STAFF)}/authenticator-removal"
    assert security.post(path).status_code == 204
    assert slug(security.post(path)) == "no-authenticator"
    own = account_of(staff_with("security_administrator"))
    mine = security.post(f"/api/v1/accounts/{own}/authenticator-removal")
    assert slug(mine) == "not-oneself"


def test_no_secret_lies_open_in_the_database(sign_in: Client) -> None:
    staff = sign_in(STAFF)
    secret, codes = enrolled(staff, STAFF)
    kept = read("SELECT secret_sealed FROM authenticator")[0].secret_sealed
    hashes = [bytes(row.code_hash) for row in read("SELECT code_hash FROM recovery_code")]
    assert secret.encode() not in bytes(kept)
    assert not any(code.encode() in b"".join(hashes) for code in codes)


def test_an_installation_may_refuse_the_phone(
    app: Flask, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    strict = replace(app.extensions["linli.settings"], step_up_by_phone=False)
    monkeypatch.setitem(app.extensions, "linli.settings", strict)
    staff = proved(sign_in(STAFF), "phone")
    body: dict[str, Any] = {"staff": "DD0002", "valid_from": "2026-01-01"}
    refused = staff.post("/api/v1/covers", body)
    assert (slug(refused), (refused.json or {})["how"]) == ("step-up-needed", "enrol")
    assert staff.post("/api/v1/me/authenticator").status_code == 201
