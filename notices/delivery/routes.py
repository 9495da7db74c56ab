"""Delivery over HTTP: the side of staff."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import Shape
from app.policy import Role, Rows, Scope
from notices.channels.choice import NAMES
from notices.delivery import redriving

delivery = Blueprint("delivery", __name__, url_prefix="/api/v1", description="送达 · Delivery")

STAFF = {Role.DISTRICT_STAFF: Scope.AREA}
POLICY: Rows = {
    ("delivery.list_dead", "GET"): STAFF,
    ("delivery.drive_again", "POST"): STAFF,
}
DEAD = {
    "channel": "push",
    "reason": "too-many-tries",
    "people": 12,
    "since": "2026-11-23T01:00:00+00:00",
}


class DeadShape(Shape):
    """How many a channel gave up on for a reason; ``people`` 0: a whole chunk is set aside."""

    channel = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    people = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "null: fewer than five. Of webhooks, systems, however few"},
    )
    since = ma.fields.AwareDateTime(required=True, format="iso")


class DeadList(Shape):
    """By channel and reason; no persons."""

    items = ma.fields.List(ma.fields.Nested(DeadShape), required=True)


class AgainShape(Shape):
    """Which channel is to try again."""

    channel = ma.fields.String(required=True, validate=ma.validate.OneOf(NAMES))


@delivery.get("/notices/<uuid:id>/undelivered")
@delivery.answer(200, DeadList, example={"items": [DEAD]})
def list_dead(id: UUID) -> dict[str, Any]:  # noqa: A002  the name of the path's parameter
    """List what delivery of a notice gave up on, by channel and reason, without persons."""
    return {"items": redriving.dead_of(current_actor(), id)}


@delivery.post("/notices/<uuid:id>/undelivered")
@idempotent
@delivery.body(AgainShape, example={"channel": "push"})
@delivery.answer(200, DeadList, example={"items": []})
def drive_again(id: UUID, body: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    """Have what a channel gave up on tried again."""
    redriving.drive_again(current_actor(), id, body["channel"])
    return {"items": redriving.dead_of(current_actor(), id)}
