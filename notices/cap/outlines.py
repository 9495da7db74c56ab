"""The outlines of an alert: what was drawn and the areas that were named, joined, with few points.

They may cover a little too much, and never too little: whoever lies in one that is left out, or
beyond a corner that is cut, is not alerted.
"""

from collections.abc import Sequence
from typing import Any

import shapely
from shapely import STRtree, make_valid
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from app.database import read
from notices.audience.reached import TOPS
from notices.cap.message import Ring

MOST_RINGS, MOST_POINTS = 20, 200
CLOSE = 0.00005  # degrees, some five metres
ROOM = 1.05  # a bend that is drawn with few points lies within itself
DIGITS = 5

POLYGONS = f"""
WITH RECURSIVE {TOPS}
SELECT p.polygon FROM area_polygon p JOIN area a ON a.code = p.code
WHERE a.path && (SELECT coalesce(array_agg(code), '{{}}') FROM tops) AND a.level = 'grid'
  AND a.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
  AND (a.valid_to IS NULL OR a.valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date)
"""  # noqa: S608  constants of ours


def rings_of(drawn: dict[str, Any] | None, places: Sequence[str]) -> list[Ring]:
    """Return closed rings (lng, lat) around the drawn outline and all grids under ``places``.

    Of an outline that was drawn ``places`` hold the areas that lie in it whole, and not those that
    its edge crosses.
    """
    shapes = [row.polygon for row in read(POLYGONS, {"places": list(places)})]
    shapes += [drawn] if drawn else []
    parts = _parts([make_valid(shape(each)) for each in shapes])
    return [_ring(part) for part in _few(parts)]


def _parts(shapes: Sequence[BaseGeometry]) -> list[Polygon]:
    """Return the polygons of which shapes consist when they are joined, without their holes."""
    whole = shapely.get_parts(unary_union(shapes))
    return [Polygon(each.exterior) for each in whole if isinstance(each, Polygon) and each.area]


def _few(parts: list[Polygon]) -> list[Polygon]:
    """Return ``MOST_RINGS`` or fewer that cover all parts: neighbours are put into one hull.

    Who is a neighbour is asked ever farther, so that a part that lies alone keeps its shape.
    """
    near = CLOSE
    while len(parts) > MOST_RINGS:
        tree = STRtree(parts)
        groups = [
            [parts[at] for at in tree.query(around, predicate="intersects")]
            for around in _parts([part.buffer(near) for part in parts])
        ]
        parts = _parts([_hull(group) for group in groups])
        near *= 2
    return parts


def _hull(group: Sequence[Polygon]) -> BaseGeometry:
    return group[0] if len(group) == 1 else unary_union(group).convex_hull


def _ring(part: Polygon) -> Ring:
    """Return the ring around a part, farther out until it has few points and cuts nothing off."""
    outer, close = part, CLOSE
    while len(outer.exterior.coords) > MOST_POINTS or not outer.covers(part):
        outer, close = _around(part, close), close * 2
    return [(round(x, DIGITS), round(y, DIGITS)) for x, y, *_ in outer.exterior.coords]


def _around(part: Polygon, close: float) -> Polygon:
    """Return a part with fewer points, about ``close`` farther out.

    It stays within the part's own west, south, east and north, as an alert must within its
    district's.
    """
    wide = part.buffer(close * ROOM).simplify(close).intersection(part.envelope)
    (around,) = (each for each in _parts([wide]) if each.intersects(part.representative_point()))
    return around
