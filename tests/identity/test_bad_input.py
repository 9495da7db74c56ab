"""What cannot be is refused by name; nothing of it is written, and nothing of it is repeated."""

import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from flask import Flask

from app import clock
from app.database import read
from app.settings import Settings
from tests.people import NEWCOMER, RESIDENT, Caller, Person, bearer
from tests.signing_in import begin, code_for, slug

Client = Callable[[Person], Caller]

KEPT = (
    *("account", "account_password", "provider_link", "provider_visit", "provider_arrival"),
    *("in_person_proof", "network_identity", "sign_in_challenge", "sign_in_session"),
    *("spent_token", "sms_message", "consent", "outbox", "audit_entry", "idempotency_key"),
)
NUL, SURROGATE, LONG = "a\u0000b", "a\ud800b", "长" * 10_000
BORN_TOMORROW = "210603209901010014"
TABLES = " UNION ALL ".join(
    f"SELECT '{name}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum"
    f" FROM {name} t"
    for name in KEPT
)


def tables() -> dict[str, str]:
    """Return what stands in each table, as a sum."""
    return {row.name: row.sum for row in read(TABLES)}


def refused(caller: Caller, path: str, body: dict[str, Any], value: str) -> Any:
    before = tables()
    answer = caller.post(path, body)
    assert 400 <= answer.status_code < 500, answer.json
    assert tables() == before, "something was written"
    assert answer.mimetype == "application/problem+json"
    if len(value.strip()) > 3:
        assert value not in answer.text
        assert value[:60] not in answer.text
    return answer


PHONES = {
    "nothing": "",
    "blank": "   ",
    "a landline": "0415-2125678",
    "another country": "+1 202 555 0123",
    "a digit missing": "1990415000",
    "a digit too many": "199041500011",
    "letters": "19904l50001",
    "NUL": "199\u000004150001",
    "half a pair": "199\ud80004150001",
    "Arabic digits": "١٩٩٠٤١٥٠٠٠١"[:5],
    "very long": "1" * 10_000,
}


@pytest.mark.parametrize("phone", PHONES.values(), ids=PHONES.keys())
@pytest.mark.parametrize("way", ["code", "password"])
def test_what_is_no_phone_is_asked_for_nothing(nobody: Caller, phone: str, way: str) -> None:
    if way == "code":
        answer = refused(nobody, "/api/v1/sign-in/challenges", {"phone": phone}, phone)
    else:
        body = {"phone": phone, "password": "春江水暖鸭先知", "device": "x"}
        answer = refused(nobody, "/api/v1/sessions/password", body, phone)
    assert slug(answer) == "invalid"
    assert (answer.json or {})["errors"][0]["pointer"] == "/phone"


CODES = {
    "five digits": "12345",
    "seven digits": "1234567",
    "letters": "12345a",
    "a sign": "+12345",
    "Arabic digits": "١٢٣٤٥٦",
    "NUL": "123\u0000456",
    "half a pair": "123\ud800456",
    "a number": 123456,
    "nothing": None,
}


@pytest.mark.parametrize("code", CODES.values(), ids=CODES.keys())
def test_what_is_no_code_costs_no_try(nobody: Caller, code: Any) -> None:
    challenge, right = code_for(nobody, "19904150033")
    body = {"challenge_id": challenge, "code": code, "device": "x"}
    assert slug(refused(nobody, "/api/v1/sessions", body, str(code))) == "invalid"
    assert nobody.post("/api/v1/sessions", body | {"code": right}).status_code == 201


@pytest.mark.parametrize("device", ["", " ", NUL, SURROGATE, "x" * 61, LONG, 7, None])
def test_a_device_has_a_name_that_can_be_shown(nobody: Caller, device: Any) -> None:
    challenge, code = code_for(nobody, "19904150033")
    body = {"challenge_id": challenge, "code": code, "device": device}
    assert slug(refused(nobody, "/api/v1/sessions", body, str(device))) == "invalid"


NAMES = {
    "NUL": NUL,
    "half a pair": SURROGATE,
    "very long": LONG,
    "blank": " ",
    "invisible": "\u200b",
}
NUMBERS = {
    "not born yet": BORN_TOMORROW,
    "a slip": "210603199003070010",
    "the thirtieth of February": "210603199002300018",
    "month thirteen": "210603199013070019",
    "seventeen": "21060319900307001",
    "X inside": "2106031990X307001X",
    "NUL": "210603\u00001990030700",
    "half a pair": "210603\ud8001990030700",
    "very long": "2" * 10_000,
    "a passport": "E12345678",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_what_is_no_name_proves_nobody(sign_in: Client, name: str) -> None:
    body = {"name": name, "id_number": "11010519491231002X"}
    answer = refused(sign_in(NEWCOMER), "/api/v1/me/verification", body, name)
    assert slug(answer) == "invalid"
    assert {each["pointer"] for each in (answer.json or {})["errors"]} == {"/name"}
    assert read("SELECT count(*) AS n FROM attempt_counter WHERE kind = 'verify-day'")[0].n == 0


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS.keys())
def test_what_is_no_number_proves_nobody(sign_in: Client, number: str) -> None:
    body = {"name": "张三", "id_number": number}
    answer = refused(sign_in(NEWCOMER), "/api/v1/me/verification", body, number)
    assert slug(answer) == "invalid"
    assert {each["pointer"] for each in (answer.json or {})["errors"]} == {"/id_number"}


def test_a_mismatch_writes_nothing(sign_in: Client) -> None:
    body = {"name": "某某某", "id_number": "11010519491231002X"}
    caller = sign_in(NEWCOMER)
    answer = refused(caller, "/api/v1/me/verification", body, body["id_number"])
    assert slug(answer) == "identity-not-matched"


@pytest.mark.parametrize("password", [NUL, SURROGATE, LONG, "", " ", "short", 12345678, None])
def test_what_is_no_password_is_not_set(sign_in: Client, password: Any) -> None:
    body = {"challenge_id": str(uuid.uuid4()), "code": "042117", "password": password}
    answer = refused(sign_in(RESIDENT), "/api/v1/me/password", body, str(password))
    assert slug(answer) == "invalid"


@pytest.mark.parametrize(
    "body",
    [
        {"refresh_token": "x" * 43, "rotation_id": str(uuid.uuid4())},
        {"refresh_token": NUL, "rotation_id": str(uuid.uuid4())},
        {"refresh_token": "x" * 10_000, "rotation_id": str(uuid.uuid4())},
        {"refresh_token": "x" * 43, "rotation_id": "again"},
        {"refresh_token": "x" * 43},
        {"refresh_token": ["x"], "rotation_id": None},
    ],
)
def test_what_is_no_refresh_token_refreshes_nothing(nobody: Caller, body: dict[str, Any]) -> None:
    answer = refused(nobody, "/api/v1/sessions/refresh", body, str(body["refresh_token"]))
    assert slug(answer) in {"invalid", "refresh-refused"}


def as_bearer(app: Flask, token: str) -> Any:
    return Caller(app, {"Authorization": f"Bearer {token}"}).get("/api/v1/me")


def test_a_refresh_token_is_no_access_token(app: Flask, nobody: Caller) -> None:
    begun = begin(nobody, "19904150033")
    answer = as_bearer(app, begun["refresh_token"])
    assert (answer.status_code, slug(answer)) == (401, "token-refused")
    spent = refused(
        nobody,
        "/api/v1/sessions/refresh",
        {"refresh_token": begun["access_token"], "rotation_id": str(uuid.uuid4())},
        begun["access_token"],
    )
    assert slug(spent) in {"invalid", "refresh-refused"}


@pytest.mark.parametrize(
    "fault", ["alg none", "no exp", "no signature", "type refresh", "other alg"]
)
def test_a_token_that_is_not_quite_ours_reaches_nothing(
    app: Flask, settings: Settings, fault: str
) -> None:
    good = bearer(RESIDENT)["Authorization"].split()[1]
    claims = jwt.decode(good, options={"verify_signature": False})
    key, algorithm = settings.jwt_key, "HS256"
    if fault == "no exp":
        del claims["exp"]
    elif fault == "type refresh":
        claims["type"] = "refresh"
    elif fault == "other alg":
        algorithm = "HS512"
        key = key * 2
    token = jwt.encode(claims, key, algorithm=algorithm)
    if fault == "alg none":
        token = jwt.encode(claims, "", algorithm="none")
    elif fault == "no signature":
        token = token.rsplit(".", 1)[0] + "."
    before = tables()
    answer = as_bearer(app, token)
    assert (answer.status_code, slug(answer)) == (401, "token-refused")
    assert tables() == before
    assert token not in answer.text
    assert clock.now()


@pytest.mark.parametrize("code", ["", " ", "a b", NUL, "好", "x" * 10_000])
def test_what_no_provider_gave_asks_no_provider(nobody: Caller, code: str) -> None:
    body = {"provider_code": code, "device": "x"}
    answer = refused(nobody, "/api/v1/sessions/providers/wechat", body, code)
    assert slug(answer) == "invalid"


def test_lower_case_and_full_width_are_people_not_faults(sign_in: Client) -> None:
    body = {"name": "某某某", "id_number": "１１０１０５１９４９１２３１００２ｘ"}
    assert slug(sign_in(NEWCOMER).post("/api/v1/me/verification", body)) == "identity-not-matched"
