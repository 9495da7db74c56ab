"""Proving who one is."""

from typing import Any

from app.errors import TooMany
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.identity.real_name import verifying
from app.identity.real_name.refusals import AlreadyVerified, IdentityNotMatched
from app.identity.real_name.schemas import Verification
from app.identity.refusals import GuardianNeeded
from app.identity.sign_in.routes import phone_of
from app.policy import Role, Rows, Scope

real_name = Blueprint("real_name", __name__, url_prefix="/api/v1", description="实名 · Real names")

POLICY: Rows = {("real_name.verify_me", "POST"): {Role.RESIDENT: Scope.SELF}}


@real_name.post("/me/verification")
@idempotent
@real_name.refuses(AlreadyVerified, IdentityNotMatched, GuardianNeeded, TooMany)
@real_name.body(Verification, example={"name": "冯凤", "id_number": "11010519491231002X"})
@real_name.answer(204)
def verify_me(body: dict[str, Any]) -> None:
    """Match the caller to the population register, and so to household, grid and areas.

    Whoever agrees at the same time that the district learns the account's phone says
    ``share_phone`` and the phone.
    """
    shared = phone_of(body["phone"] or "") if body["share_phone"] else None
    verifying.verify(current_actor(), body["name"], body["id_number"], shared)


mark(verify_me, "x-limited", True)
