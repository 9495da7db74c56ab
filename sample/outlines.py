"""Draws regions of cells as GeoJSON outlines, always in the same words for the same region."""

from collections.abc import Collection, Iterable
from typing import Any

import shapely
from shapely import box, unary_union
from shapely.geometry import Polygon
from shapely.geometry.polygon import orient

from sample.lattice import Cell, degrees

Corner = tuple[int, int]


def outline(cells: Collection[Cell]) -> dict[str, Any]:
    """Return a GeoJSON Polygon or MultiPolygon in WGS-84 degrees, its rings as in RFC 7946."""
    merged = unary_union([box(x, y, x + 1, y + 1) for x, y in cells])
    parts = shapely.get_parts(merged).tolist()
    drawn = sorted(_rings(orient(part, 1.0)) for part in parts)
    if len(drawn) == 1:
        return {"type": "Polygon", "coordinates": drawn[0]}
    return {"type": "MultiPolygon", "coordinates": drawn}


def _rings(part: Polygon) -> list[list[list[float]]]:
    holes = sorted(_ring(hole.coords) for hole in part.interiors)
    return [_ring(part.exterior.coords), *holes]


def _ring(coordinates: Iterable[tuple[float, ...]]) -> list[list[float]]:
    """Return a closed ring without corners on straight lines, from its lowest corner on."""
    corners = [(round(x), round(y)) for x, y in coordinates][:-1]
    turns = [
        corner
        for before, corner, after in zip(
            [corners[-1], *corners], corners, [*corners[1:], corners[0]], strict=False
        )
        if not _straight(before, corner, after)
    ]
    first = turns.index(min(turns))
    ring = [*turns[first:], *turns[: first + 1]]
    return [[degrees(x), degrees(y)] for x, y in ring]


def _straight(before: Corner, corner: Corner, after: Corner) -> bool:
    return before[0] == corner[0] == after[0] or before[1] == corner[1] == after[1]
