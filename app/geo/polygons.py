"""Which area a place lies in, how far it is to the edge, and which area is nearest.

Borders decide who handles a request, so the rule for a place on a shared border is fixed: the
lowest area code has it. Metres are reckoned on a plane that touches the earth at the place asked
for (local equirectangular), within 0.1 % of the great circle up to 10 km away.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import shapely
from shapely.geometry.base import BaseGeometry

from app.geo.crs import check_place
from app.geo.nearness import EARTH_RADIUS_M

NEAR_EDGE_M = 30.0  # about what a phone may be off between houses
METRES_PER_DEGREE = math.radians(EARTH_RADIUS_M)
FEWEST_POSITIONS = 4  # RFC 7946 3.1.6: a ring is closed and has four positions or more
MILLIMETRES = 3  # decimals of a metre

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

_HERE = shapely.Point(0.0, 0.0)


class PolygonRefused(ValueError):
    """A polygon cannot stand for an area, or an index has none to answer with.

    ``reason`` is one of `PolygonReason`; ``code`` is the area at fault, or None.
    """

    def __init__(self, reason: PolygonReason, code: str | None = None) -> None:
        """Keep the reason and the area for the caller."""
        super().__init__(reason, code)
        self.reason: PolygonReason = reason
        self.code = code


@dataclass(frozen=True, slots=True)
class Found:
    """The area a place lies in, and the metres from the place to that area's edge."""

    code: str
    metres_to_edge: float

    @property
    def near_edge(self) -> bool:
        """Whether the place is so near the edge (30 m) that the neighbouring area may be meant."""
        return self.metres_to_edge <= NEAR_EDGE_M


class Outline:
    """One ring in WGS-84, sound and closed: drawn by a person, or by a register."""

    def __init__(self, ring: Ring) -> None:
        """Take a closed ring.

        Raises:
            PolygonRefused: it is not a sound polygon.
        """
        self.geojson: dict[str, Any] = {"type": "Polygon", "coordinates": [[[*at] for at in ring]]}
        self.shape = _shape("outline", self.geojson)
        shapely.prepare(self.shape)

    def holds(self, lng: float, lat: float) -> bool:
        """Tell whether a place lies in it, or on its edge."""
        return bool(shapely.intersects_xy(self.shape, lng, lat))


class AreaIndex:
    """Areas of one layer, found by place. Built once, then read by any number of threads."""

    def __init__(self, areas: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Take each area as its code and its GeoJSON Polygon or MultiPolygon (RFC 7946, WGS-84).

        Raises:
            PolygonRefused: a geometry is not a sound polygon, or a code comes twice.
        """
        shapes: dict[str, BaseGeometry] = {}
        for code, geometry in areas:
            if code in shapes:
                raise PolygonRefused("duplicate_code", code)
            shapes[code] = _shape(code, geometry)
        self._codes = sorted(shapes)  # so that the lowest position is the lowest code
        self._shapes = [shapes[code] for code in self._codes]
        self._edges = [shape.boundary for shape in self._shapes]
        self._tree = shapely.STRtree(self._shapes)
        self._tree.query(_HERE)  # the tree is laid out at its first question: before any thread

    def locate(self, lng: float, lat: float) -> Found | None:
        """Return the area in which the WGS-84 place lies, edge included, or None outside all.

        Where several areas hold the place, on a shared border or in an overlap, the lowest code
        has it.

        Raises:
            PlaceRefused: a number is not finite, or out of range.
        """
        check_place(lng, lat)
        hits = self._tree.query(shapely.Point(lng, lat), predicate="intersects")
        if not hits.size:
            return None
        lowest = int(hits.min())
        return Found(self._codes[lowest], _metres(self._edges[lowest], lng, lat))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of all areas, in degrees; NaN if there are none."""
        west, south, east, north = shapely.total_bounds(self._shapes)
        return float(west), float(south), float(east), float(north)

    def under(self, outline: Outline) -> tuple[list[str], list[str]]:
        """Return the areas that lie wholly in an outline, and those that its edge crosses."""
        hits = sorted(int(hit) for hit in self._tree.query(outline.shape, predicate="intersects"))
        whole = [self._codes[hit] for hit in hits if outline.shape.covers(self._shapes[hit])]
        within = set(whole)
        crossed = [self._codes[hit] for hit in hits if self._codes[hit] not in within]
        return whole, crossed

    def nearest(self, lng: float, lat: float) -> tuple[str, float]:
        """Return the area nearest to the WGS-84 place and the metres to it: 0 within the area.

        Of areas equally near, to the millimetre, the lowest code is the answer.

        Raises:
            PlaceRefused: a number is not finite, or out of range.
            PolygonRefused: ``empty_index``, there is no area.
        """
        check_place(lng, lat)
        if not self._codes:
            raise PolygonRefused("empty_index")
        # Nearest in degrees is not nearest in metres: it only bounds how far to look.
        some = int(self._tree.nearest(shapely.Point(lng, lat)))
        bound = _metres(self._shapes[some], lng, lat) + 1.0
        north = bound / METRES_PER_DEGREE
        east = north / _narrowing(lat)
        around = shapely.box(lng - east, lat - north, lng + east, lat + north)
        metres, position = min(
            (_metres(self._shapes[near], lng, lat), int(near)) for near in self._tree.query(around)
        )
        return self._codes[position], metres


def _narrowing(lat: float) -> float:
    """Return how much shorter a degree of longitude is at ``lat`` than at the equator."""
    return max(math.cos(math.radians(lat)), 1e-9)


def _metres(shape: BaseGeometry, lng: float, lat: float) -> float:
    """Return the metres, to the millimetre, from the place to ``shape``, both in degrees."""
    scale = (METRES_PER_DEGREE * _narrowing(lat), METRES_PER_DEGREE)
    around_here = shapely.transform(shape, lambda places: (places - (lng, lat)) * scale)
    return round(float(shapely.distance(around_here, _HERE)), MILLIMETRES)


def _shape(code: str, geometry: Mapping[str, Any]) -> BaseGeometry:
    """Read a GeoJSON Polygon or MultiPolygon, or raise PolygonRefused."""
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
