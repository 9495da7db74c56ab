"""Preferences over HTTP: a resident's own."""

from typing import Any

from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.versions import etag, version_seen, versioned
from app.policy import Role, Rows, Scope
from notices.channels.preferences import service
from notices.channels.preferences.schemas import PreferencesBody, PreferencesShape

preferences = Blueprint(
    "preferences",
    __name__,
    url_prefix="/api/v1/me/notice-preferences",
    description="通知偏好 · How one is told",
)

SELF = {Role.RESIDENT: Scope.SELF}
POLICY: Rows = {
    ("preferences.show_preferences", "GET"): SELF,
    ("preferences.say_preferences", "PUT"): SELF,
}

SAID = {
    "refused": [
        {"channel": "push", "kind": "activity"},
        {"channel": "sms", "kind": "activity"},
    ],
    "quiet": {"start": "22:00", "end": "07:00"},
}
SHOWN = SAID | {"quiet_ends": "2026-11-23T23:00:00+00:00"}

Answer = tuple[Any, dict[str, str]]


@preferences.get("")
@preferences.answer(200, PreferencesShape, example=SHOWN)
def show_preferences() -> Answer:
    """Show by which channels the caller is not told of what, and their quiet hours."""
    return _shown()


@preferences.put("")
@versioned
@preferences.body(PreferencesBody, example=SAID)
@preferences.answer(200, PreferencesShape, example=SHOWN)
def say_preferences(body: dict[str, Any]) -> Answer:
    """Say all of it anew: the inbox keeps everything, emergencies and duties are told of anyway."""
    service.say(current_actor(), version_seen(), **body)
    return _shown()


def _shown() -> Answer:
    found = service.mine(current_actor())
    return found, etag(found.version)
