"""The nearest points that handle a matter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.database import Cursor, Page, read
from app.database.earth import cube_literal
from app.errors import NotFound
from app.geo.nearness import chord_of, metres_of, on_unit_earth
from app.sync.reconcile.freshness import DatedPage, dated, freshness_of

NEAREST = """
SELECT p.code, p.name, p.name_en, p.area_code, p.address, p.phone, p.opens, p.lng, p.lat,
       p.place <-> %(here)s::cube AS chord
FROM service_point p
WHERE p.place <@ cube_enlarge(%(here)s::cube, %(chord)s, 3)
  AND p.place <-> %(here)s::cube <= %(chord)s
  AND (p.place <-> %(here)s::cube, p.code) > (%(after)s, %(code)s)
  AND p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to > %(today)s)
  AND (%(matter)s::text IS NULL OR EXISTS (
       SELECT FROM point_matter m WHERE m.point_code = p.code AND m.matter_code = %(matter)s))
ORDER BY p.place <-> %(here)s::cube, p.code LIMIT %(limit)s
"""

STREAMS = ("points", "point_matters")
"""What must be here for a point to be as the district has it."""

MATTERS = """
SELECT matter_code, depth FROM point_matter WHERE point_code = %(code)s ORDER BY matter_code
"""


@dataclass(frozen=True, slots=True)
class PointDetail:
    """A point, how far it takes each matter, and how fresh that is."""

    point: Any
    matters: list[Any]
    as_of: datetime | None


def nearest(
    here: tuple[float, float], radius: int, matter: str | None, cursor: str | None, limit: int
) -> DatedPage:
    """Return the points within ``radius`` metres of ``here`` (WGS-84), nearest first."""
    after = Cursor.read("points", cursor, [float, str]) or [-1.0, ""]
    rows = read(
        NEAREST,
        {
            "here": cube_literal(on_unit_earth(*here)),
            "chord": chord_of(radius),
            "after": after[0],
            "code": after[1],
            "matter": matter,
            "today": clock.today(),
            "limit": limit + 1,
        },
    )
    page = Cursor.page("points", rows, limit, lambda row: [row.chord, row.code])
    items = [{**row._asdict(), "metres": round(metres_of(row.chord))} for row in page.items]
    return dated(Page(items, page.next), *STREAMS)


def find_point(code: str) -> PointDetail:
    """Return a point with the matters that it handles.

    Raises:
        NotFound: there is none today.
    """
    found = read(
        "SELECT * FROM service_point WHERE code = %(code)s AND valid_from <= %(today)s"
        " AND (valid_to IS NULL OR valid_to > %(today)s)",
        {"code": code, "today": clock.today()},
    )
    if not found:
        raise NotFound
    return PointDetail(found[0], read(MATTERS, {"code": code}), freshness_of(*STREAMS))
