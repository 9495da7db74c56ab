"""Signing in, staying in, and proving who one is."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.identity.limits import Limit
from app.settings import Settings
from tests.people import NEIGHBOUR, NEWCOMER, PEOPLE, RESIDENT, WORKER, Caller, Person, bearer
from tests.signing_in import as_holder, begin, code_for, slug

Client = Callable[[Person], Caller]


def test_a_resident_signs_in_is_verified_and_bound(app: Flask, nobody: Caller) -> None:
    facts = PEOPLE["resident"]
    resident = as_holder(app, begin(nobody, "+86 " + facts["phone"])["access_token"])
    before = resident.get("/api/v1/me").json or {}
    assert (before["level"], before["areas"], before["name"]) == (1, [], None)
    body = {"name": facts["name"], "id_number": facts["id_number"].lower()}
    assert resident.post("/api/v1/me/verification", body).status_code == 204
    after = resident.get("/api/v1/me").json or {}
    assert after["level"] == 2
    assert [area["code"] for area in after["areas"]][-1] == facts["grid"]
    assert facts["street"] in [area["code"] for area in after["areas"]]
    assert facts["name"] not in str(after)
    assert facts["id_number"] not in str(after)
    again = resident.post("/api/v1/me/verification", body)
    assert slug(again) == "already-verified"


def test_a_code_is_used_once_and_tried_five_times(nobody: Caller) -> None:
    challenge, code = code_for(nobody, PEOPLE["resident"]["phone"])
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    body = {"challenge_id": challenge, "code": wrong, "device": "x"}
    for _ in range(4):
        assert slug(nobody.post("/api/v1/sessions", body)) == "code-refused"
    assert nobody.post("/api/v1/sessions", {**body, "code": code}).status_code == 201
    assert slug(nobody.post("/api/v1/sessions", {**body, "code": code})) == "code-refused"

    challenge, code = code_for(nobody, PEOPLE["neighbour"]["phone"])
    body = {"challenge_id": challenge, "code": f"{(int(code) + 1) % 10**6:06d}", "device": "x"}
    for _ in range(5):
        nobody.post("/api/v1/sessions", body)
    assert slug(nobody.post("/api/v1/sessions", {**body, "code": code})) == "code-refused"


def test_an_old_code_is_worth_nothing(nobody: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge, code = code_for(nobody, PEOPLE["resident"]["phone"])
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    body = {"challenge_id": challenge, "code": code, "device": "x"}
    assert slug(nobody.post("/api/v1/sessions", body)) == "code-refused"


def test_known_and_unknown_numbers_get_the_same_answer_and_the_same_limit(nobody: Caller) -> None:
    outcomes = []
    for phone in (PEOPLE["worker"]["phone"], "19999990009"):
        answers = [nobody.post("/api/v1/sign-in/challenges", {"phone": phone}) for _ in range(6)]
        outcomes.append(
            [(a.status_code, sorted(a.json or {}), sorted(a.headers.keys())) for a in answers]
        )
    assert outcomes[0] == outcomes[1]
    assert [status for status, _, _ in outcomes[0]] == [202] * 5 + [429]


def test_a_mismatch_tells_nothing_about_who_exists(sign_in: Client) -> None:
    facts, other = PEOPLE["resident"], PEOPLE["neighbour"]
    sign_in(NEIGHBOUR)  # bound to an account already
    tries = [
        {"name": "某某某", "id_number": facts["id_number"]},
        {"name": other["name"], "id_number": other["id_number"]},
        {"name": facts["name"], "id_number": "11010519491231002X"},
    ]
    newcomer = sign_in(NEWCOMER)
    answers = [newcomer.post("/api/v1/me/verification", body) for body in tries]
    told = [{**(a.json or {}), "instance": ""} for a in answers]
    assert told[0] == told[1] == told[2]
    assert slug(answers[0]) == "identity-not-matched"
    waits = newcomer.post("/api/v1/me/verification", tries[0])
    assert (waits.status_code, slug(waits)) == (429, "too-many")
    assert int(waits.headers["Retry-After"]) > 0


def test_a_number_that_cannot_be_one_is_named_without_its_value(sign_in: Client) -> None:
    body = {"name": "张三", "id_number": "210603199003070010"}
    answer = sign_in(NEWCOMER).post("/api/v1/me/verification", body)
    assert answer.status_code == 422
    assert (answer.json or {})["errors"][0]["pointer"] == "/id_number"
    assert body["id_number"] not in answer.text
    assert read("SELECT count(*) AS n FROM attempt_counter WHERE kind = 'verify-day'")[0].n == 0


def test_a_lost_answer_signs_nobody_out_and_a_stolen_token_ends_the_session(
    app: Flask, nobody: Caller
) -> None:
    begun = begin(nobody, PEOPLE["resident"]["phone"])
    body = {"refresh_token": begun["refresh_token"], "rotation_id": str(uuid.uuid4())}
    first = nobody.post("/api/v1/sessions/refresh", body).json or {}
    again = nobody.post("/api/v1/sessions/refresh", body).json or {}
    assert first["refresh_token"] == again["refresh_token"] != begun["refresh_token"]
    stolen = {**body, "rotation_id": str(uuid.uuid4())}
    assert slug(nobody.post("/api/v1/sessions/refresh", stolen)) == "refresh-refused"
    resident = as_holder(app, first["access_token"])
    assert slug(resident.get("/api/v1/me")) == "session-ended"
    next_one = {"refresh_token": first["refresh_token"], "rotation_id": str(uuid.uuid4())}
    assert slug(nobody.post("/api/v1/sessions/refresh", next_one)) == "refresh-refused"


def test_a_token_spent_two_rotations_ago_ends_the_session_too(nobody: Caller) -> None:
    tokens = [begin(nobody, PEOPLE["resident"]["phone"])["refresh_token"]]
    for _ in range(2):
        body = {"refresh_token": tokens[-1], "rotation_id": str(uuid.uuid4())}
        tokens.append((nobody.post("/api/v1/sessions/refresh", body).json or {})["refresh_token"])
    for token in (tokens[0], tokens[2]):
        body = {"refresh_token": token, "rotation_id": str(uuid.uuid4())}
        assert slug(nobody.post("/api/v1/sessions/refresh", body)) == "refresh-refused"


def test_a_refused_network_costs_its_victims_no_code(
    nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "app.identity.codes.issuing.PER_NETWORK", Limit("code-network", 0, timedelta(minutes=5))
    )
    for _ in range(6):
        answer = nobody.post("/api/v1/sign-in/challenges", {"phone": PEOPLE["resident"]["phone"]})
        assert answer.status_code == 429
    counted = read("SELECT count(*) AS n FROM attempt_counter WHERE kind LIKE 'code-phone%%'")
    assert counted[0].n == 0


def test_signing_out_ends_the_session_at_once(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    assert resident.delete("/api/v1/sessions/current").status_code == 204
    assert slug(resident.get("/api/v1/me")) == "session-ended"


def test_a_grant_taken_away_and_an_account_closed_stop_the_next_request(sign_in: Client) -> None:
    worker = sign_in(WORKER)
    assert worker.get("/api/v1/requests/work").status_code == 200
    with transaction():
        write(
            "UPDATE staff_grant SET valid_to = current_date - 1 WHERE staff_sid = %(sid)s",
            {"sid": PEOPLE["worker"]["sid"]},
        )
    assert slug(worker.get("/api/v1/requests/work")) == "role-not-allowed"
    with transaction():
        write(
            "UPDATE staff_grant SET valid_to = NULL WHERE staff_sid = %(sid)s",
            {"sid": PEOPLE["worker"]["sid"]},
        )
        write("UPDATE account SET status = 'closed'", {})
    assert slug(worker.get("/api/v1/requests/work")) == "session-ended"


@pytest.mark.parametrize(
    "fault", ["alg", "key", "exp", "kind", "type", "sid", "jti", "aud", "expired"]
)
def test_a_token_that_is_not_quite_ours_is_refused(
    app: Flask, settings: Settings, fault: str
) -> None:
    good = bearer(RESIDENT)["Authorization"].split()[1]
    claims = jwt.decode(good, options={"verify_signature": False})
    key, algorithm = settings.jwt_key, "HS256"
    if fault == "alg":
        key, algorithm = b"", "none"
    elif fault == "key":
        key = b"x" * 32
    elif fault == "kind":
        claims["type"] = "refresh"
    elif fault == "aud":
        claims["aud"] = "others"
    elif fault == "expired":
        claims["exp"] = int(clock.now().timestamp()) - 60
    else:
        del claims[fault]
    token = jwt.encode(claims, key or "", algorithm=algorithm)
    answer = as_holder(app, token).get("/api/v1/me")
    assert answer.status_code == 401
    assert slug(answer) == ("token-expired" if fault == "expired" else "token-refused")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_scheme_may_be_written_in_any_case(app: Flask) -> None:
    token = bearer(RESIDENT)["Authorization"].split()[1]
    assert Caller(app, {"Authorization": f"bearer {token}"}).get("/api/v1/me").status_code == 200
