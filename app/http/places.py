"""Places on the wire: always with the reference system that they are in."""

import marshmallow as ma

from app.geo.crs import Crs, to_wgs84
from app.http.shapes import Degrees, PageQuery, Pattern, Shape, Whole

NEAR = r"-?(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,12})?,-?[0-8]?[0-9](\.[0-9]{1,12})?"


class PlaceShape(Shape):
    """A point; ``crs`` is never guessed: 500 m lie between GCJ-02 and WGS-84 in Dandong."""

    lng = Degrees(most=180, required=True)
    lat = Degrees(most=90, required=True)
    crs = ma.fields.String(required=True, validate=ma.validate.OneOf([str(c) for c in Crs]))


class OwnPlaceShape(PlaceShape):
    """A point that somebody gives of themselves: ``from`` tells where they have it.

    ``device``: the phone measured where it is, which is a person's precise location and wants
    their consent; ``map``: they picked it, and it says where something is, not where they are.
    """

    source = ma.fields.String(
        data_key="from",
        load_default="map",
        validate=ma.validate.OneOf(["device", "map"]),
        metadata={"description": "`device` needs the consent `precise-location`"},
    )


class NearQuery(PageQuery):
    """Around which point, and how far."""

    near = Pattern(
        NEAR, required=True, metadata={"description": "lng,lat", "example": "124.35,40.04"}
    )
    crs = ma.fields.String(required=True, validate=ma.validate.OneOf([str(c) for c in Crs]))
    radius = Whole(low=1, high=20_000, load_default=2_000, metadata={"description": "metres"})


def wgs84_of(near: str, crs: str) -> tuple[float, float]:
    """Return ``lng,lat`` text in ``crs`` as WGS-84 degrees."""
    lng, _, lat = near.partition(",")
    return to_wgs84(float(lng), float(lat), Crs(crs))
