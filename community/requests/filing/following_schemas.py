"""The wire shapes of following, and of the slip."""

import marshmallow as ma

from app.geo.crs import Crs
from app.http.places import NEAR
from app.http.shapes import Code, Pattern, Query, Shape


class SimilarQuery(Query):
    """Around which point, and about what."""

    near = Pattern(
        NEAR, required=True, metadata={"description": "lng,lat", "example": "124.35,40.04"}
    )
    crs = ma.fields.String(required=True, validate=ma.validate.OneOf([str(c) for c in Crs]))
    matter = Code(required=True)


class SimilarShape(Shape):
    """An open request that may be the same thing; nobody is named."""

    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    matter_code = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    lng = ma.fields.Float(required=True)
    lat = ma.fields.Float(required=True)
    filed_at = ma.fields.AwareDateTime(required=True, format="iso")
    metres = ma.fields.Integer(required=True)
    followers = ma.fields.Integer(required=True)


class SimilarList(Shape):
    """The nearest of them."""

    items = ma.fields.List(ma.fields.Nested(SimilarShape), required=True)


class FollowedShape(Shape):
    """What becomes of a request that somebody follows."""

    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    matter_code = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    deadline_at = ma.fields.AwareDateTime(required=True, format="iso")
    settled_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    result = ma.fields.String(required=True, allow_none=True)
    since = ma.fields.AwareDateTime(required=True, format="iso")
    followed_number = ma.fields.String(required=True)


class FollowingPage(Shape):
    """Some of them, the newest first."""

    items = ma.fields.List(ma.fields.Nested(FollowedShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class Slip(Shape):
    """A page to print."""

    number = ma.fields.String(required=True)
    html = ma.fields.String(required=True)
