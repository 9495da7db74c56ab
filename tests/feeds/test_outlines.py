"""The outlines of an alert: a little too much may be alerted, and never too little."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from lxml import etree
from shapely.geometry import Point, Polygon, box, mapping, shape
from shapely.ops import unary_union

from app.database import read
from notices.cap.message import Ring
from notices.cap.outlines import MOST_POINTS, MOST_RINGS, rings_of
from tests.feeds.test_cap import alerts, emergency, tag
from tests.people import Caller, Person

Client = Callable[[Person], Caller]
POLYGONS = """
SELECT p.polygon FROM area_polygon p JOIN area a ON a.code = p.code
WHERE a.level = 'grid' AND a.path && %(codes)s::text[]
"""
A_METRE = 0.00001  # degrees: points are rounded to it
HERE = (124.3, 40.0)


def land_of(*codes: str) -> Any:
    """Return where some areas lie, as the register has it."""
    return unary_union([shape(row.polygon) for row in read(POLYGONS, {"codes": list(codes)})])


def alerted(rings: Sequence[Ring]) -> Any:
    """Return where an alert is heard, to the metre to which it is written."""
    return unary_union([Polygon(ring) for ring in rings]).buffer(A_METRE)


@pytest.mark.parametrize("beside", [{"areas": ["DDHT-XQ-LT"]}, {"divisions": ["210603101000"]}])
def test_who_is_named_beside_a_drawn_outline_is_alerted_too(
    sign_in: Client, nobody: Caller, beside: dict[str, list[str]]
) -> None:
    drawn = list(read(POLYGONS, {"codes": ["DDHT-QY"]})[0].polygon["coordinates"][0])
    emergency(sign_in, audience={"polygon": {"crs": "wgs84", "points": drawn}, **beside})
    (alert,) = alerts(nobody)
    info = etree.fromstring(alert).find(tag("info"))
    assert info is not None
    rings = [
        [(float(lng), float(lat)) for lat, lng in (pair.split(",") for pair in text.split())]
        for text in (each.text or "" for each in info.iter(tag("polygon")))
    ]
    assert alerted(rings).covers(Polygon(drawn))
    assert alerted(rings).covers(land_of("DDHT-XQ-LT"))


def test_of_many_parts_none_is_left_out(app: Flask) -> None:
    """Those that lie near each other are joined, and a large one alone keeps its shape."""
    lng, lat = HERE
    small = [
        box(lng + x * 0.002, lat + y * 0.003, lng + x * 0.002 + 0.0005, lat + y * 0.003 + 0.0005)
        for x in range(8)
        for y in range(8)
    ]
    large = box(lng + 0.5, lat + 0.5, lng + 0.6, lat + 0.6)
    whole = unary_union([*small, large])
    rings = rings_of(mapping(whole), [])
    assert 0 < len(rings) <= MOST_RINGS
    assert alerted(rings).covers(whole)
    assert not alerted(rings).intersects(box(lng + 0.1, lat + 0.1, lng + 0.4, lat + 0.4))
    assert any(Polygon(ring).normalize().equals_exact(large.normalize(), A_METRE) for ring in rings)


@pytest.mark.parametrize("points", [MOST_POINTS + 1, 500, 3000])
def test_an_outline_with_few_points_leaves_nobody_out_and_stays_in_the_district(
    app: Flask, points: int
) -> None:
    """A star, of which a cut corner would be somebody's home."""
    lng, lat = HERE
    star = Polygon(
        (lng + r * math.cos(a), lat + r * math.sin(a))
        for r, a in ((0.05 if n % 2 else 0.03, math.tau * n / points) for n in range(points))
    )
    (ring,) = rings_of(mapping(star), [])
    assert len(ring) <= MOST_POINTS
    assert alerted([ring]).covers(star)
    assert star.envelope.buffer(A_METRE).covers(Polygon(ring))


def test_a_part_without_breadth_takes_nothing_from_the_others(app: Flask) -> None:
    """A register's polygon that runs along itself is still a place where people live."""
    lng, lat = HERE
    spike = [(0, 0), (0.01, 0), (0.01, 0.01), (0.02, 0.02), (0.01, 0.01), (0, 0.01), (0, 0)]
    rings = rings_of(mapping(Polygon([(lng + x, lat + y) for x, y in spike])), [])
    assert alerted(rings).covers(Point(lng + 0.005, lat + 0.005))
