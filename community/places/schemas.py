"""The wire shapes of service points."""

from typing import Any

import marshmallow as ma

from app.http.places import NearQuery
from app.http.shapes import Code, Shape
from app.sync.reconcile.schemas import AsOf
from community.places.hours import DAYS, WEEKLY, are_weekly


class OpeningHours(ma.fields.Dict):
    """Weekly hours of a point; of what an older contract took for hours, nothing is told."""

    def __init__(self, **options: Any) -> None:
        """Describe days, each with its spans."""
        span = ma.fields.List(ma.fields.String(), validate=ma.validate.Length(equal=2))
        super().__init__(
            keys=ma.fields.String(validate=ma.validate.OneOf(DAYS)),
            values=ma.fields.List(span),
            metadata={"description": WEEKLY["description"]},
            **options,
        )

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value if are_weekly(value) else {}


class PointQuery(NearQuery):
    """Which points."""

    matter = Code(load_default=None)


class PointShape(Shape):
    """A service point; places of the district are given in WGS-84."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True, allow_none=True)
    area_code = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    phone = ma.fields.String(required=True)
    opens = OpeningHours(required=True)
    lng = ma.fields.Float(required=True)
    lat = ma.fields.Float(required=True)


class NearPointShape(PointShape):
    """A service point and how far it is."""

    metres = ma.fields.Integer(required=True)


class PointPage(Shape):
    """Some points, nearest first, and how fresh that is."""

    items = ma.fields.List(ma.fields.Nested(NearPointShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    as_of = AsOf()


class DepthShape(Shape):
    """How far a point takes a matter."""

    matter_code = ma.fields.String(required=True)
    depth = ma.fields.String(required=True)


class PointDetailShape(Shape):
    """A point with its matters."""

    point = ma.fields.Nested(PointShape, required=True)
    matters = ma.fields.List(ma.fields.Nested(DepthShape), required=True)
    as_of = AsOf()
