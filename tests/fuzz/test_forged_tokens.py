"""Tokens that are not ours, or not what they seem: each is refused as a token."""

from typing import Any

import jwt
import pytest
from flask import Flask

from app.settings import Settings
from tests.people import RESIDENT, Caller, bearer

GONE = object()

WRONG_CLAIMS: dict[str, dict[str, object]] = {
    "never ends": {"exp": GONE},
    "ends at no time": {"exp": "never"},
    "ends beyond all numbers": {"exp": 10**400},
    "begins tomorrow": {"nbf": 4102444800},
    "a refresh token": {"type": "refresh"},
    "of a type in a list": {"type": ["access"]},
    "of somebody by number": {"sub": 7},
    "of nobody": {"sub": None},
    "of somebody who is no UUID": {"sub": "٧"},
    "of a session that is no UUID": {"sid": "1 OR 1=1"},
    "of a session in a list": {"sid": ["a"]},
    "of another issuer": {"iss": "others"},
    "for another audience": {"aud": "others"},
}


@pytest.fixture
def claims(app: Flask) -> dict[str, Any]:
    """Return what a good token of the resident says."""
    token = bearer(RESIDENT)["Authorization"].split()[1]
    return dict(jwt.decode(token, options={"verify_signature": False}))


def refused(app: Flask, authorization: str) -> None:
    answer = Caller(app, {"Authorization": authorization}).get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert (answer.json or {})["type"] == "urn:linli:problem:token-refused"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("change", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_token_with_our_signature_that_says_something_else(
    app: Flask, settings: Settings, claims: dict[str, Any], change: dict[str, object]
) -> None:
    said = {name: value for name, value in {**claims, **change}.items() if value is not GONE}
    refused(app, f"Bearer {_signed(said, settings.jwt_key)}")


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512"])
def test_a_token_of_another_algorithm(
    app: Flask, settings: Settings, claims: dict[str, Any], algorithm: str
) -> None:
    key = "" if algorithm == "none" else settings.jwt_key
    refused(app, f"Bearer {_signed(claims, key, algorithm)}")


def test_a_token_with_a_foreign_or_a_cut_signature(app: Flask, claims: dict[str, Any]) -> None:
    foreign = _signed(claims, b"x" * 64)
    refused(app, f"Bearer {foreign}")
    refused(app, f"Bearer {foreign.rpartition('.')[0]}.")


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer a.b.c", "Bearer ..", "Basic YTpi", "Bearer " + "a" * 10_000],
)
def test_a_header_that_holds_no_token(app: Flask, header: str) -> None:
    refused(app, header)


def test_the_scheme_may_be_written_in_any_case(app: Flask) -> None:
    token = bearer(RESIDENT)["Authorization"].split()[1]
    for scheme in ("bearer", "BEARER"):
        caller = Caller(app, {"Authorization": f"{scheme} {token}"})
        assert caller.get("/api/v1/me").status_code == 200


def _signed(claims: dict[str, Any], key: bytes | str, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)
