"""Web push over HTTP: the resident's side."""

from typing import Any
from uuid import UUID

from flask import current_app

from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.policy import Role, Rows, Scope
from app.settings import Settings
from notices.channels.push import subscriptions
from notices.channels.push.refusals import (
    PushKeysRefused,
    PushNotOffered,
    PushServiceRefused,
    TooManyBrowsers,
)
from notices.channels.push.schemas import Browser, Browsers, NewBrowser, PushKey
from notices.channels.push.vapid import Vapid

push = Blueprint("push", __name__, url_prefix="/api/v1", description="推送 · Web push")

SELF = {Role.RESIDENT: Scope.SELF}
POLICY: Rows = {
    ("push.show_key", "GET"): {Role.ANYONE: Scope.PUBLIC},
    ("push.subscribe", "POST"): SELF,
    ("push.list_browsers", "GET"): SELF,
    ("push.unsubscribe", "DELETE"): SELF,
}

KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
NEW = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/c1KrmpTuRm0",
    "keys": {"p256dh": KEY, "auth": "tBHItJI5svbpez7KI4CCXg"},
    "device": "Chrome · Android",
}
BROWSER = {
    "id": "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c5",
    "device": "Chrome · Android",
    "made_at": "2026-11-23T01:00:00+00:00",
}


@push.get("/push-key")
@push.refuses(PushNotOffered)
@push.answer(200, PushKey, example={"key": KEY})
def show_key() -> dict[str, str]:
    """Show the key with which this installation pushes (RFC 8292)."""
    settings: Settings = current_app.extensions["linli.settings"]
    if settings.vapid_key is None:
        raise PushNotOffered
    return {"key": Vapid(settings.vapid_key, settings.vapid_subject).public_key}


@push.post("/push-subscriptions")
@idempotent
@push.refuses(PushServiceRefused, PushKeysRefused, TooManyBrowsers)
@push.body(NewBrowser, example=NEW)
@push.answer(201, Browser, example=BROWSER)
def subscribe(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Have notices pushed to a browser; the same browser again replaces what was there."""
    settings: Settings = current_app.extensions["linli.settings"]
    actor, keys, endpoint, device = current_actor(), body["keys"], body["endpoint"], body["device"]
    key = subscriptions.subscribe(
        actor, endpoint, keys["p256dh"], keys["auth"], device, settings.push_hosts
    )
    return subscriptions.one(actor, key), {"Location": f"/api/v1/push-subscriptions/{key}"}


@push.get("/push-subscriptions")
@push.answer(200, Browsers, example={"items": [BROWSER]})
def list_browsers() -> dict[str, Any]:
    """List the browsers of the caller that are pushed to: ten at most."""
    return {"items": subscriptions.mine(current_actor())}


@push.delete("/push-subscriptions/<uuid:id>")
@push.answer(204)
def unsubscribe(id: UUID) -> None:  # noqa: A002  the name of the path's parameter
    """Push to a browser no more."""
    subscriptions.unsubscribe(current_actor(), id)
