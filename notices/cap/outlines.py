"""The outlines of an alert: what was drawn, or those of its areas, joined, with few points."""

from collections.abc import Sequence
from typing import Any

from shapely import make_valid
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.ops import unary_union

from app.database import read
from notices.cap.message import Ring

MOST_RINGS, MOST_POINTS = 20, 200
CLOSE = 0.00005  # degrees, some five metres
DIGITS = 5

POLYGONS = """
SELECT p.polygon FROM area_polygon p JOIN area a ON a.code = p.code
WHERE a.path && %(codes)s::text[] AND a.level = 'grid'
  AND a.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
  AND (a.valid_to IS NULL OR a.valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date)
"""


def rings_of(drawn: dict[str, Any] | None, codes: Sequence[str]) -> list[Ring]:
    """Return closed rings (lng, lat): of the drawn outline, or of all grids under ``codes``."""
    shapes = [drawn] if drawn else [r.polygon for r in read(POLYGONS, {"codes": list(codes)})]
    whole = unary_union([make_valid(shape(each)) for each in shapes]) if shapes else Polygon()
    parts = list(whole.geoms) if isinstance(whole, MultiPolygon) else [whole]
    largest = sorted((p for p in parts if isinstance(p, Polygon) and not p.is_empty), key=_area)
    return [ring for part in reversed(largest[-MOST_RINGS:]) if len(ring := _ring(part)) >= 4]


def _area(part: Polygon) -> float:
    return float(part.area)


def _ring(part: Polygon) -> Ring:
    """Return the outer ring, simplified until it is short; a hole would only make people unsafe."""
    outer, close = Polygon(part.exterior), CLOSE
    while len(outer.exterior.coords) > MOST_POINTS:
        outer, close = Polygon(outer.exterior.simplify(close).coords), close * 2
    return [(round(x, DIGITS), round(y, DIGITS)) for x, y, *_ in outer.exterior.coords]
