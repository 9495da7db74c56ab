"""Reads of the two trees."""

from typing import Any

from app.database import read

AREA = """
SELECT a.code, a.name, a.name_en, a.level, a.parent_code, a.path,
       coalesce((SELECT json_agg(json_build_object(
            'division_code', l.division_code, 'division_name', d.name, 'relation', l.relation,
            'valid_from', l.valid_from, 'valid_to', l.valid_to)
          ORDER BY l.valid_from, l.division_code)
        FROM area_division l LEFT JOIN division d ON d.code = l.division_code
        WHERE l.area_code = a.code), '[]') AS links
FROM area a WHERE a.code = %(code)s
"""

CHILDREN = """
SELECT code, name, name_en, level, parent_code FROM area
WHERE parent_code IS NOT DISTINCT FROM %(parent)s AND code > %(after)s
  AND valid_from <= %(today)s AND (valid_to IS NULL OR valid_to > %(today)s)
ORDER BY code LIMIT %(limit)s
"""

HELD_CHANGES = """
SELECT old_code, new_code, kind, on_day, held FROM area_succession WHERE held IS NOT NULL
ORDER BY on_day, old_code, new_code
"""


def held_changes() -> list[Any]:
    """Return the changes of areas that do not count, each with the code of its reason."""
    return read(HELD_CHANGES)


def area(code: str) -> Any | None:
    """Return an area with its links to divisions, past ones too."""
    return next(iter(read(AREA, {"code": code})), None)


def children(parent: str | None, after: str, limit: int, today: object) -> list[Any]:
    """Return the areas right under ``parent`` (None: the zones) that are valid today, by code."""
    values = {"parent": parent, "after": after, "limit": limit, "today": today}
    return read(CHILDREN, values)


def names_of(codes: list[str]) -> dict[str, Any]:
    """Return the areas with these codes, by code."""
    sql = "SELECT code, name, name_en, level, parent_code FROM area WHERE code = ANY(%(codes)s)"
    return {row.code: row for row in read(sql, {"codes": codes})}
