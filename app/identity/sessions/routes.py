"""Staying signed in, and going out."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.errors import NotFound
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.shapes import PageQuery
from app.identity.sessions import devices, lasting
from app.identity.sessions.refusals import RefreshRefused
from app.identity.sessions.schemas import DevicePage, Refresh, SessionShape
from app.identity.sessions.tokens import TOKENS, tokens_of
from app.policy import Role, Rows, Scope

sessions = Blueprint("sessions", __name__, url_prefix="/api/v1", description="会话 · Sessions")

OWN = {Role.RESIDENT: Scope.SELF}

POLICY: Rows = {
    ("sessions.refresh_session", "POST"): {Role.ANYONE: Scope.PUBLIC},
    ("sessions.end_session", "DELETE"): {Role.RESIDENT: Scope.SELF, Role.UNPROVED: Scope.SELF},
    ("sessions.list_sessions", "GET"): OWN,
    ("sessions.end_other_session", "DELETE"): OWN,
    ("sessions.end_all_sessions", "DELETE"): OWN,
}

EXAMPLE_ID = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"
DEVICE = {
    "id": EXAMPLE_ID,
    "device": "我的手机",
    "way": "code",
    "started_at": "2026-11-23T01:00:00+00:00",
    "last_used_at": "2026-11-24T09:30:00+00:00",
    "current": True,
}


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
    devices.sign_out(current_actor())


@sessions.get("/sessions")
@sessions.refuses(CursorRefused)
@sessions.query(PageQuery)
@sessions.answer(200, DevicePage, example={"items": [DEVICE], "next": None})
def list_sessions(query: dict[str, Any]) -> Page[devices.Device]:
    """List the devices on which the caller is signed in, with their last use."""
    return devices.devices(current_actor(), query["cursor"], query["limit"])


@sessions.delete("/sessions/<uuid:session_id>")
@sessions.refuses(NotFound)
@sessions.answer(204)
def end_other_session(session_id: UUID) -> None:
    """Sign out on one device."""
    devices.sign_out_of(current_actor(), session_id)


@sessions.delete("/sessions")
@sessions.answer(204)
def end_all_sessions() -> None:
    """Sign out on all devices, this one too."""
    devices.sign_out_everywhere(current_actor())
