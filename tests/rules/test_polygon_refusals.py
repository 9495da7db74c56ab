"""Unsound polygons stay out, each with its reason and the area at fault."""

import math
from typing import Any

import pytest

from app.geo.outlines import PolygonRefused
from app.geo.polygons import AreaIndex

Geometry = dict[str, Any]
SQUARE: Geometry = {
    "type": "Polygon",
    "coordinates": [[[124, 40], [125, 40], [125, 41], [124, 41], [124, 40]]],
}


@pytest.mark.parametrize(
    ("reason", "ring"),
    [
        ("open_ring", [[124, 40], [125, 40], [125, 41], [124, 41]]),
        ("too_few_points", [[124, 40], [125, 40], [124, 40]]),
        ("malformed", []),
        ("self_intersection", [[124, 40], [125, 41], [125, 40], [124, 41], [124, 40]]),
        ("invalid", [[124, 40], [124, 40], [124, 40], [124, 40]]),
        ("out_of_range", [[124, 40], [181, 40], [125, 41], [124, 40]]),
        ("out_of_range", [[40, 124], [40, 125], [41, 125], [40, 124]]),
        ("out_of_range", [[124, 40], [math.nan, 40], [125, 41], [124, 40]]),
        ("malformed", [[124], [125, 40], [125, 41], [124]]),
        ("malformed", [["124", "40"], [125, 40], [125, 41], ["124", "40"]]),
        ("malformed", "ring"),
        ("malformed", None),
    ],
)
def test_an_unsound_ring_is_refused(reason: str, ring: object) -> None:
    """Each fault of a ring has its reason and names its area, so that the record can be parked."""
    with pytest.raises(PolygonRefused) as refused:
        AreaIndex([("210603", {"type": "Polygon", "coordinates": [ring]})])
    assert (refused.value.reason, refused.value.code) == (reason, "210603")


@pytest.mark.parametrize(
    ("reason", "geometry"),
    [
        ("kind", {"type": "Point", "coordinates": [124, 40]}),
        ("kind", {}),
        ("malformed", {"type": "Polygon"}),
        ("malformed", {"type": "MultiPolygon", "coordinates": []}),
        ("malformed", {"type": "MultiPolygon", "coordinates": [[]]}),
        ("malformed", {"type": "Polygon", "coordinates": {"0": []}}),
    ],
)
def test_what_is_no_polygon_is_refused(reason: str, geometry: Geometry) -> None:
    """Points, empty shapes and broken documents are refused, never a crash."""
    with pytest.raises(PolygonRefused) as refused:
        AreaIndex([("a", geometry)])
    assert refused.value.reason == reason


def test_a_code_twice_is_refused() -> None:
    """Two shapes of one code in a layer are a fault of the records."""
    with pytest.raises(PolygonRefused) as refused:
        AreaIndex([("a", SQUARE), ("a", SQUARE)])
    assert refused.value.reason == "duplicate_code"
