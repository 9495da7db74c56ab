"""How somebody who is signed in changes the ways in which they sign in."""

from typing import Any

from flask import request

from app.errors import Invalid, TooMany
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.identity.codes import CodeRefused, Purpose, issue, issue_to_holder
from app.identity.sign_in import moving, passwords
from app.identity.sign_in.refusals import PhoneTaken
from app.identity.sign_in.routes import EXAMPLE_ID, phone_of
from app.identity.sign_in.schemas import (
    ChallengeShape,
    CodeShown,
    MovedPhone,
    NewPassword,
    OwnChallenge,
)
from app.identity.sign_in.seats import SeatsTaken
from app.policy import Role, Rows, Scope

ways = Blueprint(
    "ways", __name__, url_prefix="/api/v1", description="登录方式 · Ways of signing in"
)

OWN = {Role.RESIDENT: Scope.SELF}

POLICY: Rows = {
    ("ways.ask_for_own_code", "POST"): OWN,
    ("ways.set_password", "POST"): OWN,
    ("ways.remove_password", "POST"): OWN,
    ("ways.move_to_phone", "POST"): OWN,
}

CODE = {"challenge_id": EXAMPLE_ID, "code": "042117"}


@ways.post("/me/codes")
@idempotent
@ways.refuses(Invalid, TooMany)
@ways.body(OwnChallenge, example={"purpose": "password", "phone": "199 0415 0001"})
@ways.answer(202, ChallengeShape, example={"challenge_id": EXAMPLE_ID, "expires_in": 600})
def ask_for_own_code(body: dict[str, Any]) -> dict[str, Any]:
    """Send a code for a deed of one's own: to one's phone, or to the phone one moves to."""
    purpose, phone, here = Purpose(body["purpose"]), phone_of(body["phone"]), request.remote_addr
    if purpose is Purpose.PHONE:
        challenge, lives = issue(purpose, phone, str(here), current_actor().account_id)
    else:
        challenge, lives = issue_to_holder(current_actor(), purpose, phone, str(here))
    return {"challenge_id": challenge, "expires_in": lives}


@ways.post("/me/password")
@idempotent
@ways.refuses(CodeRefused, SeatsTaken, TooMany)
@ways.body(NewPassword, example=CODE | {"password": "春江水暖鸭先知"})
@ways.answer(204)
def set_password(body: dict[str, Any]) -> None:
    """Set or replace the password, with a fresh code; other devices are signed out."""
    passwords.set_password(current_actor(), body["password"], body["challenge_id"], body["code"])


@ways.post("/me/password/removal")
@idempotent
@ways.refuses(CodeRefused)
@ways.body(CodeShown, example=CODE)
@ways.answer(204)
def remove_password(body: dict[str, Any]) -> None:
    """Remove the password, with a fresh code; other devices are signed out."""
    passwords.remove_password(current_actor(), body["challenge_id"], body["code"])


@ways.post("/me/phone")
@idempotent
@ways.refuses(CodeRefused, PhoneTaken)
@ways.body(MovedPhone, example=CODE | {"new_challenge_id": EXAMPLE_ID, "new_code": "117042"})
@ways.answer(204)
def move_to_phone(body: dict[str, Any]) -> None:
    """Move the account: a code of purpose step-up from the old phone, one of phone from the new."""
    old = (body["challenge_id"], body["code"])
    moving.move_to_phone(current_actor(), old, (body["new_challenge_id"], body["new_code"]))


for _limited in (ask_for_own_code, set_password):
    mark(_limited, "x-limited", True)
