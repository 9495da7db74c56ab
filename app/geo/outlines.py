"""Sound polygons: read from GeoJSON (RFC 7946, WGS-84), or refused with a reason."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import shapely
from shapely.geometry.base import BaseGeometry

FEWEST_POSITIONS = 4  # RFC 7946 3.1.6: a ring is closed and has four positions or more

PolygonReason: TypeAlias = Literal[
    "kind",
    "malformed",
    "too_few_points",
    "open_ring",
    "out_of_range",
    "self_intersection",
    "invalid",
    "duplicate_code",
    "empty_index",
]
Ring: TypeAlias = list[tuple[float, float]]


class PolygonRefused(ValueError):
    """A polygon cannot stand for an area, or an index has none to answer with.

    ``reason`` is one of `PolygonReason`; ``code`` is the area at fault, or None.
    """

    def __init__(self, reason: PolygonReason, code: str | None = None) -> None:
        """Keep the reason and the area for the caller."""
        super().__init__(reason, code)
        self.reason: PolygonReason = reason
        self.code = code


class Outline:
    """One ring in WGS-84, sound and closed: drawn by a person, or by a register."""

    def __init__(self, ring: Ring) -> None:
        """Take a closed ring.

        Raises:
            PolygonRefused: it is not a sound polygon.
        """
        self.geojson: dict[str, Any] = {"type": "Polygon", "coordinates": [[[*at] for at in ring]]}
        self.shape = shape_of("outline", self.geojson)
        shapely.prepare(self.shape)

    def holds(self, lng: float, lat: float) -> bool:
        """Tell whether a place lies in it, or on its edge."""
        return bool(shapely.intersects_xy(self.shape, lng, lat))


def shape_of(code: str, geometry: Mapping[str, Any]) -> BaseGeometry:
    """Read the GeoJSON Polygon or MultiPolygon of an area.

    Raises:
        PolygonRefused: it is not a sound one.
    """
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise PolygonRefused("kind", code)
    parts = coordinates if kind == "MultiPolygon" else [coordinates]
    polygons = []
    for part in _filled(code, parts):
        outer, *holes = (_ring(code, ring) for ring in _filled(code, part))
        polygons.append(shapely.Polygon(outer, holes))
    shape = shapely.MultiPolygon(polygons)
    fault = shapely.is_valid_reason(shape)
    if "Self-intersection" in fault:
        raise PolygonRefused("self_intersection", code)
    if fault != "Valid Geometry":
        raise PolygonRefused("invalid", code)
    return shape


def _ring(code: str, positions: object) -> Ring:
    ring = [_position(code, position) for position in _filled(code, positions)]
    if len(ring) < FEWEST_POSITIONS:
        raise PolygonRefused("too_few_points", code)
    if ring[0] != ring[-1]:
        raise PolygonRefused("open_ring", code)
    return ring


def _position(code: str, position: object) -> tuple[float, float]:
    match position:
        case [int() | float() as lng, int() | float() as lat, *_]:
            if not (-180 <= lng <= 180 and -90 <= lat <= 90):  # also false for NaN
                raise PolygonRefused("out_of_range", code)
            return float(lng), float(lat)
        case _:
            raise PolygonRefused("malformed", code)


def _filled(code: str, items: object) -> list[Any] | tuple[Any, ...]:
    if not isinstance(items, list | tuple) or not items:
        raise PolygonRefused("malformed", code)
    return items
