"""The wire shapes of service points."""

import marshmallow as ma

from app.http.places import NearQuery
from app.http.shapes import Code, Shape
from app.sync.reconcile.schemas import AsOf


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
    opens = ma.fields.Dict(required=True)
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
