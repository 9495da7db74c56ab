"""The wire shapes of looking at requests by place."""

from typing import Any

import marshmallow as ma

from app.geo.crs import Crs
from app.http.places import NEAR
from app.http.shapes import Code, PageQuery, Pattern, Query, Shape, Whole
from community.requests.lifecycle import OPEN
from community.requests.near.cells import DEEPEST
from community.requests.schemas import RequestShape

BOX = f"{NEAR},{NEAR}"
SYSTEMS = [str(crs) for crs in Crs]
SAMPLE_BOX = "124.30,40.00,124.40,40.08"


def _box(**options: Any) -> Pattern:
    words = {"description": "west,south,east,north", "example": SAMPLE_BOX}
    return Pattern(BOX, metadata=words, **options)


def _crs() -> ma.fields.String:
    return ma.fields.String(required=True, validate=ma.validate.OneOf(SYSTEMS))


class PlaceQuery(PageQuery):
    """Which open requests: around a place or in a box (or both), in which reference system.

    Without ``near`` it is the middle of the box, and without ``radius`` all of the box.
    """

    near = Pattern(
        NEAR,
        load_default=None,
        allow_none=False,
        metadata={"description": "lng,lat", "example": "124.35,40.04"},
    )
    crs = _crs()
    radius = Whole(
        low=1, high=20_000, load_default=None, allow_none=False, metadata={"description": "metres"}
    )
    bbox = _box(load_default=None, allow_none=False)
    matter = Code(load_default=None, allow_none=False)
    state = ma.fields.String(
        load_default=None,
        allow_none=False,
        validate=ma.validate.OneOf([str(each) for each in OPEN]),
    )
    area = Code(load_default=None, allow_none=False)
    due = ma.fields.String(
        load_default=None, allow_none=False, validate=ma.validate.OneOf(["overdue", "today"])
    )
    due_within = Whole(
        low=1, high=720, load_default=None, allow_none=False, metadata={"description": "hours"}
    )

    @ma.validates_schema
    def _somewhere(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("near") is None and data.get("bbox") is None:
            raise ma.ValidationError("required", "near")


class RequestAroundShape(RequestShape):
    """A request in the caller's sight, and how far it is."""

    metres = ma.fields.Integer(required=True)


class RequestAroundPage(Shape):
    """Some requests, nearest first."""

    items = ma.fields.List(ma.fields.Nested(RequestAroundShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ClusterQuery(Query):
    """Which box, at which zoom of a web map; of which matter."""

    bbox = _box(required=True)
    crs = _crs()
    zoom = Whole(low=0, high=DEEPEST, required=True)
    matter = Code(load_default=None, allow_none=False)


class ClusterShape(Shape):
    """Requests that lie close together at this zoom: their middle (WGS-84), and how many."""

    lng = ma.fields.Float(required=True)
    lat = ma.fields.Float(required=True)
    n = ma.fields.Integer(required=True)


class ClusterPage(Shape):
    """The clusters of a box.

    ``zoom`` is the one that was taken: lower than asked for where the box would hold too many.
    """

    items = ma.fields.List(ma.fields.Nested(ClusterShape), required=True)
    zoom = ma.fields.Integer(required=True)
    as_of = ma.fields.AwareDateTime(required=True, format="iso")


class ChangesQuery(Query):
    """Since when; without ``since`` the answer says where to begin."""

    since = Pattern(r"[A-Za-z0-9_-]{1,600}", load_default=None, allow_none=False)
    limit = Whole(low=1, high=200, load_default=100)


class ChangesShape(Shape):
    """What changed in the caller's list.

    ``changed`` are in it as they are now, ``left`` are not, or not any more. Ask on with
    ``since``, at once where there is ``more``. ``reset``: forget what you have, read the list
    anew, then ask on. Something may be told twice: the higher ``version`` counts.
    """

    changed = ma.fields.List(ma.fields.Nested(RequestShape), required=True)
    left = ma.fields.List(ma.fields.UUID(), required=True)
    since = ma.fields.String(required=True)
    more = ma.fields.Boolean(required=True)
    reset = ma.fields.Boolean(required=True)
