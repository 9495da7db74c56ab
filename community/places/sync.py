"""What the district's records of service points mean."""

import json

from app.sync import (
    Field,
    FieldRefused,
    Kind,
    Need,
    Projection,
    Stream,
    choice,
    code,
    day,
    decimal,
    document,
    text,
)
from community.places.hours import WEEKLY, are_weekly
from community.places.models import PointMatter, ServicePoint


def _weekly_hours(value: str) -> str:
    """Read a document that is weekly opening hours."""
    words = document(value)
    if not are_weekly(json.loads(words)):
        raise FieldRefused("NOT_OPENING_HOURS")
    return words


weekly_hours = Kind("weekly_hours", _weekly_hours, described={"type": "object", "x-schema": WEEKLY})

POINTS = Stream(
    "points",
    "service_point",
    (
        Field("code", code),
        Field("name", text),
        Field("name_en", text, required=False),
        Field("area_code", code),
        Field("address", text),
        Field("lng", decimal(-180, 180)),
        Field("lat", decimal(-90, 90)),
        Field("crs", choice("wgs84")),
        Field("phone", text),
        Field("opens", weekly_hours),
        Field("valid_from", day),
        Field("valid_to", day, required=False),
    ),
    Projection(
        ServicePoint,
        ("code",),
        {name: f"s.{name}" for name in ("code", "name", "name_en", "area_code", "address", "phone")}
        | {
            "lng": "s.lng::float8",
            "lat": "s.lat::float8",
            "opens": "s.opens::jsonb",
            "valid_from": "s.valid_from::date",
            "valid_to": "s.valid_to::date",
        },
        ends="valid_to",
    ),
    needs=(Need("area_code", "areas", "code"),),
    unique="code",
)

POINT_MATTERS = Stream(
    "point_matters",
    "point_matter",
    (
        Field("point_code", code),
        Field("matter_code", code),
        Field("depth", choice("consult", "receive", "accept", "complete", "collect")),
    ),
    Projection(
        PointMatter,
        ("point_code", "matter_code"),
        {name: f"s.{name}" for name in ("point_code", "matter_code", "depth")},
    ),
    needs=(Need("point_code", "points", "code"), Need("matter_code", "matters", "code")),
)

STREAMS = (POINTS, POINT_MATTERS)
