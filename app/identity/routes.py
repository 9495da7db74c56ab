"""Signing in, staying in, going out, and proving who one is."""

from typing import Any

from flask import request

from app.errors import FieldFault, Invalid, TooMany, Words
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.tokens import LIFETIME, issue_token
from app.identity import service, sessions, sign_in
from app.identity.phones import parse_phone
from app.identity.refusals import (
    AlreadyVerified,
    CodeRefused,
    GuardianNeeded,
    IdentityNotMatched,
    LevelNeeded,
    RefreshRefused,
)
from app.identity.schemas import (
    ChallengeShape,
    NewChallenge,
    NewSession,
    PhoneSharing,
    ProfileShape,
    Refresh,
    SessionShape,
    Verification,
)
from app.policy import Role, Rows, Scope

identity = Blueprint("identity", __name__, url_prefix="/api/v1", description="身份 · Identity")

OPEN = {Role.ANYONE: Scope.PUBLIC}
OWN = {Role.RESIDENT: Scope.SELF}

POLICY: Rows = {
    ("identity.ask_for_code", "POST"): OPEN,
    ("identity.begin_session", "POST"): OPEN,
    ("identity.refresh_session", "POST"): OPEN,
    ("identity.end_session", "DELETE"): OWN,
    ("identity.show_me", "GET"): OWN,
    ("identity.verify_me", "POST"): OWN,
    ("identity.share_phone", "POST"): OWN,
    ("identity.stop_sharing_phone", "DELETE"): OWN,
}

EXAMPLE_ID = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"
TOKENS = {"access_token": "eyJ…", "expires_in": 600, "refresh_token": "q0wq…"}
ME = {
    "account_id": EXAMPLE_ID,
    "level": 2,
    "roles": ["resident"],
    "name": "冯*",
    "id_number": "210*************25",
    "shares_phone": False,
    "areas": [
        {
            "code": "DDHT-XQ-LT",
            "name": "浪头镇",
            "name_en": "Langtou Town",
            "level": "street",
            "parent_code": "DDHT-XQ",
        }
    ],
    "register_as_of": "2026-11-23T01:00:00+00:00",
}


@identity.post("/sign-in/challenges")
@identity.refuses(TooMany)
@identity.body(NewChallenge, example={"phone": "199 0415 0001"})
@identity.answer(202, ChallengeShape, example={"challenge_id": EXAMPLE_ID, "expires_in": 600})
def ask_for_code(body: dict[str, Any]) -> dict[str, Any]:
    """Send a one-time code to a phone."""
    challenge, lives = sign_in.ask_for_code(_phone(body["phone"]), str(request.remote_addr))
    return {"challenge_id": challenge, "expires_in": lives}


@identity.post("/sessions")
@identity.refuses(CodeRefused, TooMany)
@identity.body(
    NewSession, example={"challenge_id": EXAMPLE_ID, "code": "042117", "device": "My phone"}
)
@identity.answer(201, SessionShape, example=TOKENS)
def begin_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with the code that came."""
    begun = sign_in.sign_in(
        body["challenge_id"], body["code"], body["device"], str(request.remote_addr)
    )
    return _tokens(begun)


@identity.post("/sessions/refresh")
@identity.refuses(RefreshRefused)
@identity.body(
    Refresh, example={"refresh_token": "q0wqJ3nV2bX5mZ8tR1yU4", "rotation_id": EXAMPLE_ID}
)
@identity.answer(200, SessionShape, example=TOKENS)
def refresh_session(body: dict[str, Any]) -> dict[str, Any]:
    """Rotate the refresh token; after a lost answer, ask again with the same ``rotation_id``."""
    return _tokens(sessions.refresh(body["refresh_token"], body["rotation_id"]))


@identity.delete("/sessions/current")
@identity.answer(204)
def end_session() -> None:
    """Sign out on this device."""
    sessions.sign_out(current_actor())


@identity.get("/me")
@identity.answer(200, ProfileShape, example=ME)
def show_me() -> service.Profile:
    """Show who the platform takes the caller for, masked."""
    return service.profile(current_actor())


@identity.post("/me/verification")
@idempotent
@identity.refuses(AlreadyVerified, IdentityNotMatched, GuardianNeeded, TooMany)
@identity.body(Verification, example={"name": "冯凤", "id_number": "11010519491231002X"})
@identity.answer(204)
def verify_me(body: dict[str, Any]) -> None:
    """Match the caller to the population register, and so to household, grid and areas.

    Whoever agrees at the same time that the district learns the account's phone says
    ``share_phone`` and the phone.
    """
    shared = _phone(body["phone"] or "") if body["share_phone"] else None
    service.verify(current_actor(), body["name"], body["id_number"], shared)


@identity.post("/me/phone-sharing")
@idempotent
@identity.refuses(LevelNeeded, TooMany)
@identity.body(PhoneSharing, example={"phone": "199 0415 0001"})
@identity.answer(204)
def share_phone(body: dict[str, Any]) -> None:
    """Agree that the district learns the phone of this account."""
    service.share_phone(current_actor(), _phone(body["phone"]))


@identity.delete("/me/phone-sharing")
@identity.answer(204)
def stop_sharing_phone() -> None:
    """Withdraw that consent; the district is told. Without a consent there is nothing to do."""
    service.stop_sharing_phone(current_actor())


for _limited in (ask_for_code, begin_session, verify_me, share_phone):
    mark(_limited, "x-limited", True)


def _phone(text: str) -> str:
    try:
        return parse_phone(text)
    except ValueError as fault:
        words = Words("不是有效的手机号码", "This is not a mainland mobile number")
        raise Invalid([FieldFault("/phone", "phone", words)]) from fault


def _tokens(begun: sessions.Started) -> dict[str, Any]:
    return {
        "access_token": issue_token(begun.account_id, begun.session_id),
        "expires_in": int(LIFETIME.total_seconds()),
        "refresh_token": begun.refresh_token,
    }
