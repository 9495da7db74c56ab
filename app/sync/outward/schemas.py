"""The wire shapes of what the district is told."""

import marshmallow as ma

from app.http.shapes import PageQuery, Shape
from app.sync.outward.register import REASONS, STATES


class OutboxQuery(PageQuery):
    """Which events."""

    state = ma.fields.String(load_default="waiting", validate=ma.validate.OneOf(STATES))


class GiveUpBody(Shape):
    """Why an outcome is given up."""

    because = ma.fields.String(required=True, validate=ma.validate.OneOf(REASONS))


class OutboxShape(Shape):
    """An event for the district: what became of it, not what is in it."""

    id = ma.fields.UUID(required=True)
    key = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    subject_kind = ma.fields.String(required=True)
    subject_id = ma.fields.UUID(required=True)
    seq = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    told_at = ma.fields.AwareDateTime(required=True, format="iso")
    due_at = ma.fields.AwareDateTime(
        required=True,
        allow_none=True,
        format="iso",
        metadata={"description": "when it is tried next; null: not before the one before it"},
    )
    tries = ma.fields.Integer(required=True)
    parked_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    refusal = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "why it was parked, in a code"}
    )
    sent_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    receipt = ma.fields.String(required=True, allow_none=True)
    given_up_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    given_up_because = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(REASONS)
    )


class OutboxPage(Shape):
    """Some events: those that are over the newest first, the others in order of telling."""

    items = ma.fields.List(ma.fields.Nested(OutboxShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
