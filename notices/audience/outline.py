"""A drawn outline: checked point by point before any geometry, then covered by whole grids.

A grid that lies in it counts whole, and where all grids of an area do, the area; in a grid that
its edge crosses, each dwelling inside counts by itself. The outline itself is kept, for maps and
for alerts.
"""

from dataclasses import dataclass
from typing import Any

from app.areas.service import grid_index
from app.database import read
from app.errors import FieldFault, Words
from app.geo.crs import Crs, PlaceRefused, to_wgs84
from app.geo.outlines import Outline, PolygonRefused
from app.identity.addresses import dwellings_in
from notices.audience.places import address
from notices.model.refusals import OutlineRefused

MOST_POINTS = 500
FEWEST_POINTS = 4
POINTER = "/audience/polygon"

FAULTS = {
    "too-many-points": Words("范围的点数过多", "The outline has too many points"),
    "too-few-points": Words("范围至少要有四个点", "An outline has four points or more"),
    "open-ring": Words("范围没有闭合", "The outline does not end where it begins"),
    "swapped-axes": Words("经度和纬度颠倒了", "Longitude and latitude are swapped"),
    "outside-the-district": Words("范围超出本区", "The outline lies outside the district"),
    "self-intersection": Words("范围自相交叉", "The outline crosses itself"),
    "not-a-polygon": Words("不是有效的范围", "This is not an outline"),
}

TREE = """
SELECT a.code, a.path, a.level = 'grid' AS is_grid FROM area a
WHERE a.path && %(over)s::text[] AND a.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
  AND (a.valid_to IS NULL OR a.valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date)
"""
GRID_PATHS = "SELECT code, path FROM area WHERE code = ANY(%(codes)s)"


@dataclass(frozen=True, slots=True)
class Cover:
    """The places that an outline covers, and the areas that they lie in, with their paths."""

    places: list[str]
    paths: dict[str, list[str] | None]


def refused(code: str) -> OutlineRefused:
    """Return the refusal of an outline with one of ``FAULTS``."""
    return OutlineRefused([FieldFault(POINTER, code, FAULTS[code])])


def outline_of(drawn: dict[str, Any]) -> Outline:
    """Return a drawn ring ``{"crs", "points": [[lng, lat], …]}`` as a sound outline in WGS-84.

    Raises:
        OutlineRefused: with the first fault found.
    """
    points = drawn["points"]
    if len(points) > MOST_POINTS:
        raise refused("too-many-points")
    if len(points) < FEWEST_POINTS:
        raise refused("too-few-points")
    if points[0] != points[-1]:
        raise refused("open-ring")
    west, south, east, north = grid_index.get().bounds
    ring = []
    for lng, lat in points:
        if west <= lat <= east and south <= lng <= north:
            raise refused("swapped-axes")
        try:
            x, y = to_wgs84(lng, lat, Crs(drawn["crs"]))
        except PlaceRefused as fault:
            raise refused("outside-the-district") from fault
        if not (west <= x <= east and south <= y <= north):
            raise refused("outside-the-district")
        ring.append((x, y))
    try:
        return Outline(ring)
    except PolygonRefused as fault:
        crossed = fault.reason == "self_intersection"
        raise refused("self-intersection" if crossed else "not-a-polygon") from fault


def covered(outline: Outline) -> Cover:
    """Return the places that lie in an outline.

    Raises:
        OutlineRefused: it touches no grid of the district.
    """
    whole, crossed = grid_index.get().under(outline)
    if not whole and not crossed:
        raise refused("outside-the-district")
    tops = _tops(whole)
    edges = {row.code: row.path for row in read(GRID_PATHS, {"codes": crossed})}
    dwellings = dwellings_in(crossed, outline.holds)
    return Cover([*sorted(tops), *(address(sid) for sid in dwellings)], {**tops, **edges})


def _tops(whole: list[str]) -> dict[str, list[str] | None]:
    """Return the highest areas of which every grid lies in ``whole``, with their paths."""
    rows = read(GRID_PATHS, {"codes": whole})
    over = sorted({code for row in rows for code in row.path})
    within, missing = set(whole), set()
    paths: dict[str, list[str]] = {}
    for row in read(TREE, {"over": over}):
        paths[row.code] = row.path
        if row.is_grid and row.code not in within:
            missing.update(row.path)
    tops = {next(code for code in row.path if code not in missing) for row in rows if row.path}
    return {code: paths[code] for code in tops}
