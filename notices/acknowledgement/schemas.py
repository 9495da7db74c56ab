"""The wire shapes of duties."""

import marshmallow as ma

from app.http.shapes import Shape
from notices.acknowledgement.rungs import OUTCOMES


class OwingShape(Shape):
    """Somebody who has not acknowledged a notice; the name is masked."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    grid_code = ma.fields.String(required=True)


class OwingPage(Shape):
    """Some of them."""

    items = ma.fields.List(ma.fields.Nested(OwingShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class DoorShape(OwingShape):
    """A door to knock at, for what, and how often nobody was there."""

    notice_id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    made_at = ma.fields.AwareDateTime(required=True, format="iso")
    absences = ma.fields.Integer(required=True)


class DoorPage(Shape):
    """Some doors."""

    items = ma.fields.List(ma.fields.Nested(DoorShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class DoorOutcome(Shape):
    """What came of a visit."""

    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(OUTCOMES))
