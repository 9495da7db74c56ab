"""Staying signed in, and going out."""

from typing import Any

from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.identity.sessions import lasting
from app.identity.sessions.refusals import RefreshRefused
from app.identity.sessions.schemas import Refresh, SessionShape
from app.identity.sessions.tokens import TOKENS, tokens_of
from app.policy import Role, Rows, Scope

sessions = Blueprint("sessions", __name__, url_prefix="/api/v1", description="会话 · Sessions")

POLICY: Rows = {
    ("sessions.refresh_session", "POST"): {Role.ANYONE: Scope.PUBLIC},
    ("sessions.end_session", "DELETE"): {Role.RESIDENT: Scope.SELF},
}

EXAMPLE_ID = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"


@sessions.post("/sessions/refresh")
@sessions.refuses(RefreshRefused)
@sessions.body(
    Refresh, example={"refresh_token": "q0wqJ3nV2bX5mZ8tR1yU4", "rotation_id": EXAMPLE_ID}
)
@sessions.answer(200, SessionShape, example=TOKENS)
def refresh_session(body: dict[str, Any]) -> dict[str, Any]:
    """Rotate the refresh token; after a lost answer, ask again with the same ``rotation_id``."""
    return tokens_of(lasting.refresh(body["refresh_token"], body["rotation_id"]))


@sessions.delete("/sessions/current")
@sessions.answer(204)
def end_session() -> None:
    """Sign out on this device."""
    lasting.sign_out(current_actor())
