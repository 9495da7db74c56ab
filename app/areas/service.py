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

grid_index = Kept(GRIDS_VERSION, _grids)
"""The polygons of all grids that are valid today."""

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
