"""Which area a place lies in, how far it is to the edge, and which area is nearest.

Borders decide who handles a request, so the rule for a place on a shared border is fixed: the
lowest area code has it. Metres are reckoned on a plane that touches the earth at the place asked
for (local equirectangular), within 0.1 % of the great circle up to 10 km away.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from app.geo.crs import check_place
from app.geo.nearness import EARTH_RADIUS_M
from app.geo.outlines import Outline, PolygonRefused, shape_of

NEAR_EDGE_M = 30.0  # about what a phone may be off between houses
METRES_PER_DEGREE = math.radians(EARTH_RADIUS_M)
MILLIMETRES = 3  # decimals of a metre

_HERE = shapely.Point(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Found:
    """The area a place lies in, and the metres from the place to that area's edge."""

    code: str
    metres_to_edge: float

    @property
    def near_edge(self) -> bool:
        """Whether the place is so near the edge (30 m) that the neighbouring area may be meant."""
        return self.metres_to_edge <= NEAR_EDGE_M


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
            shapes[code] = shape_of(code, geometry)
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
