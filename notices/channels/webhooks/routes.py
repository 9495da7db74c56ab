"""Webhooks over HTTP: the side of staff."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.versions import etag, version_seen, versioned
from notices.channels.webhooks import service
from notices.channels.webhooks.refusals import TooManyEndpoints, WebhookUrlRefused
from notices.channels.webhooks.schemas import (
    Endpoint,
    EndpointPage,
    EndpointWithSecret,
    NewEndpoint,
)

webhooks = Blueprint("webhooks", __name__, url_prefix="/api/v1", description="回调 · Webhooks")

Answer = tuple[dict[str, Any], dict[str, str]]

NEW = {"area_code": "DDHT-XQ", "name": "应急指挥平台", "url": "https://example.org/linli"}
SHOWN = {
    "id": "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c6",
    **NEW,
    "version": 1,
    "made_at": "2026-11-23T01:00:00+00:00",
    "old_secret_until": None,
}
WITH_SECRET = SHOWN | {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw1xY8xkz1Gc0="}


@webhooks.post("/webhooks")
@idempotent
@webhooks.refuses(WebhookUrlRefused, TooManyEndpoints)
@webhooks.body(NewEndpoint, example=NEW)
@webhooks.answer(201, EndpointWithSecret, example=WITH_SECRET)
def register_endpoint(body: dict[str, Any]) -> Answer:
    """Have an endpoint told of what an area is told; the secret is shown this once."""
    key, secret = service.register(current_actor(), **body)
    shown, headers = _shown(key)
    return shown | {"secret": secret}, headers | {"Location": f"/api/v1/webhooks/{key}"}


@webhooks.get("/webhooks")
@webhooks.refuses(CursorRefused)
@webhooks.query(PageQuery)
@webhooks.answer(200, EndpointPage, example={"items": [SHOWN], "next": None})
def list_endpoints(query: dict[str, Any]) -> Page[Any]:
    """List the endpoints of one's own areas."""
    return service.listed(current_actor(), **query)


@webhooks.get("/webhooks/<uuid:id>")
@webhooks.answer(200, Endpoint, example=SHOWN)
def show_endpoint(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Show an endpoint of one's own areas."""
    return _shown(id)


@webhooks.post("/webhooks/<uuid:id>/secret")
@idempotent
@versioned
@webhooks.answer(200, EndpointWithSecret, example=WITH_SECRET)
def rotate_secret(id: UUID) -> Answer:  # noqa: A002
    """Give an endpoint a new secret; for a day each message is signed with both."""
    secret = service.rotate(current_actor(), id, version_seen())
    shown, headers = _shown(id)
    return shown | {"secret": secret}, headers


@webhooks.delete("/webhooks/<uuid:id>")
@webhooks.answer(204)
def stop_endpoint(id: UUID) -> None:  # noqa: A002
    """Tell an endpoint nothing more."""
    service.stop(current_actor(), id)


def _shown(key: UUID) -> Answer:
    shown = service.one(current_actor(), key)
    return shown, etag(shown["version"])
