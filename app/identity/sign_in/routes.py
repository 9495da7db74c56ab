"""Being let in."""

from typing import Any

from flask import request

from app.errors import FieldFault, Invalid, TooMany, Words
from app.http.blueprint import Blueprint, mark
from app.identity.codes import CodeRefused
from app.identity.sessions.schemas import SessionShape
from app.identity.sessions.tokens import TOKENS, tokens_of
from app.identity.sign_in import codes, passwords
from app.identity.sign_in.refusals import (
    ArrivalOver,
    PasswordRefused,
    ProveFirst,
    ProviderLinked,
)
from app.identity.sign_in.schemas import ChallengeShape, NewChallenge, NewSession, PasswordSession
from app.identity.sign_in.seats import SeatsTaken
from app.policy import Role, Rows, Scope
from app.sms.phones import parse_phone

sign_in = Blueprint("sign_in", __name__, url_prefix="/api/v1", description="登录 · Signing in")

OPEN = {Role.ANYONE: Scope.PUBLIC}

POLICY: Rows = {
    ("sign_in.ask_for_code", "POST"): OPEN,
    ("sign_in.begin_session", "POST"): OPEN,
    ("sign_in.begin_session_by_password", "POST"): OPEN,
}

EXAMPLE_ID = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"


@sign_in.post("/sign-in/challenges")
@sign_in.refuses(SeatsTaken, TooMany)
@sign_in.body(NewChallenge, example={"phone": "199 0415 0001"})
@sign_in.answer(202, ChallengeShape, example={"challenge_id": EXAMPLE_ID, "expires_in": 600})
def ask_for_code(body: dict[str, Any]) -> dict[str, Any]:
    """Send a one-time code to a phone."""
    challenge, lives = codes.ask_for_code(phone_of(body["phone"]), str(request.remote_addr))
    return {"challenge_id": challenge, "expires_in": lives}


@sign_in.post("/sessions")
@sign_in.refuses(CodeRefused, ArrivalOver, ProviderLinked, ProveFirst, SeatsTaken, TooMany)
@sign_in.body(
    NewSession, example={"challenge_id": EXAMPLE_ID, "code": "042117", "device": "My phone"}
)
@sign_in.answer(201, SessionShape, example=TOKENS)
def begin_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with the code that came."""
    begun = codes.sign_in(
        body["challenge_id"],
        body["code"],
        body["device"],
        str(request.remote_addr),
        body["arrival"],
    )
    return tokens_of(begun)


@sign_in.post("/sessions/password")
@sign_in.refuses(PasswordRefused, SeatsTaken, TooMany)
@sign_in.body(
    PasswordSession,
    example={"phone": "199 0415 0001", "password": "春江水暖鸭先知", "device": "My phone"},
)
@sign_in.answer(201, SessionShape, example=TOKENS)
def begin_session_by_password(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in with a password, if the account has one."""
    begun = passwords.sign_in(
        phone_of(body["phone"]), body["password"], body["device"], str(request.remote_addr)
    )
    return tokens_of(begun)


for _limited in (ask_for_code, begin_session, begin_session_by_password):
    mark(_limited, "x-limited", True)


def phone_of(text: str) -> str:
    """Return a phone as it is kept.

    Raises:
        Invalid: it is no mobile number of the mainland.
    """
    try:
        return parse_phone(text)
    except ValueError as fault:
        words = Words("不是有效的手机号码", "This is not a mainland mobile number")
        raise Invalid([FieldFault("/phone", "phone", words)]) from fault
