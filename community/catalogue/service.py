"""Matters as they are valid today."""

from typing import Any

from app import clock
from app.database import Cursor, Kept, Page, read
from app.errors import NotFound

COLUMNS = """
m.code, m.name, m.name_en, m.kind, m.department_code, d.name AS department_name, m.handled_by,
m.limit_count, m.limit_unit, m.legal_basis, m.level_required,
coalesce(m.near_metres, 200) AS near_metres
FROM matter m LEFT JOIN department d ON d.code = m.department_code
WHERE m.valid_from <= %(today)s AND (m.valid_to IS NULL OR m.valid_to > %(today)s)
"""


TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
VERSION = f"""
SELECT {TODAY}, md5(string_agg(concat_ws('|', m::text, d.name), ',' ORDER BY m.code))
FROM matter m LEFT JOIN department d ON d.code = m.department_code
"""  # noqa: S608  constants of ours


def _matters() -> dict[str, Any]:
    rows = read(f"SELECT {COLUMNS}", {"today": clock.today()})
    return {row.code: row for row in rows}


matters_of_today = Kept(VERSION, _matters)
"""The catalogue as it is valid today, by code."""


def find_matter(code: str) -> Any:
    """Return a matter that is valid today.

    Raises:
        NotFound: there is none.
    """
    found = matters_of_today.get().get(code)
    if found is None:
        raise NotFound
    return found


def list_matters(kind: str | None, cursor: str | None, limit: int) -> Page[Any]:
    """Return the matters of today by code, all or of one kind."""
    after = Cursor.read("matters", cursor, [str])
    rows = read(
        f"SELECT {COLUMNS} AND m.code > %(after)s"
        " AND (%(kind)s::text IS NULL OR m.kind = %(kind)s) ORDER BY m.code LIMIT %(limit)s",
        {
            "after": after[0] if after else "",
            "kind": kind,
            "limit": limit + 1,
            "today": clock.today(),
        },
    )
    return Cursor.page("matters", rows, limit, lambda row: [row.code])
