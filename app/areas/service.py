"""Where a point lies and on which days the district works, kept in memory and kept fresh."""

from datetime import date
from typing import Any

from app import clock
from app.areas import queries
from app.calendar.days import DayKind, WorkingCalendar
from app.database import Cursor, Kept, Page, read
from app.errors import NotFound
from app.geo.polygons import AreaIndex


def _grids() -> AreaIndex:
    sql = """
    SELECT p.code, p.polygon FROM area_polygon p JOIN area a ON a.code = p.code
    WHERE a.level = 'grid' AND a.valid_from <= %(today)s
      AND (a.valid_to IS NULL OR a.valid_to > %(today)s)"""
    return AreaIndex((row.code, row.polygon) for row in read(sql, {"today": clock.today()}))


def _calendar() -> WorkingCalendar:
    rows = read("SELECT day, kind, batch FROM calendar_day ORDER BY day")
    days: dict[date, DayKind] = {row.day: DayKind(row.kind) for row in rows}
    known = WorkingCalendar.from_package()
    if not days:
        return known
    newest = max(row.batch for row in rows)
    # a year is published whole; its arrangement begins with New Year's Day
    published = frozenset(day.year for day in days if (day.month, day.day) == (1, 1))
    return known.merged(days, published, f"district-{newest}")


GRIDS_VERSION = """
SELECT (SELECT max(batch) FROM area_polygon), (now() AT TIME ZONE 'Asia/Shanghai')::date,
       (SELECT md5(string_agg(concat_ws(' ', code, level, valid_from, valid_to), ',' ORDER BY code))
        FROM area)
"""

DIVISIONS = """
WITH RECURSIVE up AS (
  SELECT l.area_code, l.division_code AS code FROM area_division l
  WHERE l.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
    AND (l.valid_to IS NULL OR l.valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date)
  UNION SELECT up.area_code, d.parent_code FROM up JOIN division d ON d.code = up.code
  WHERE d.parent_code IS NOT NULL)
SELECT area_code, array_agg(code ORDER BY code) AS codes FROM up GROUP BY area_code
"""

DIVISIONS_VERSION = """
SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date,
  (SELECT md5(string_agg(concat_ws(' ', area_code, division_code, valid_from, valid_to), ','
     ORDER BY area_code, division_code, valid_from)) FROM area_division) AS links,
  (SELECT md5(string_agg(concat_ws(' ', code, parent_code), ',' ORDER BY code)) FROM division)
    AS divisions
"""


def _divisions() -> dict[str, tuple[str, ...]]:
    return {row.area_code: tuple(row.codes) for row in read(DIVISIONS)}


grid_index = Kept(GRIDS_VERSION, _grids)
"""The polygons of all grids that are valid today."""

divisions_over = Kept(DIVISIONS_VERSION, _divisions)
"""For each area that is linked today: the divisions it hangs on, with all above them."""
grid_paths = Kept(
    GRIDS_VERSION,
    lambda: {
        row.code: row
        for row in read(
            "SELECT a.code, a.path, p.batch FROM area a LEFT JOIN area_polygon p USING (code)"
            " WHERE a.level = 'grid'"
        )
    },
)
"""Of each grid the codes from the zone down to it, and the batch that its outline came with."""

working_calendar = Kept("SELECT max(batch), count(*) FROM calendar_day", _calendar)
"""The district's own days over the published national ones."""


def find_area(code: str) -> Any:
    """Return one area with its links.

    Raises:
        NotFound: there is none.
    """
    found = queries.area(code)
    if found is None:
        raise NotFound
    return found


def list_areas(parent: str | None, cursor: str | None, limit: int) -> Page[Any]:
    """Return the areas right under ``parent``, a page at a time."""
    after = Cursor.read("areas", cursor, [str])
    rows = queries.children(parent, after[0] if after else "", limit + 1, clock.today())
    return Cursor.page("areas", rows, limit, lambda row: [row.code])
