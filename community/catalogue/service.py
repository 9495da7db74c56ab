"""Matters as they are valid today."""

from typing import Any

from app import clock
from app.database import Cursor, Page, read
from app.errors import NotFound

COLUMNS = """
m.code, m.name, m.name_en, m.kind, m.department_code, d.name AS department_name, m.handled_by,
m.limit_count, m.limit_unit, m.legal_basis, m.level_required
FROM matter m LEFT JOIN department d ON d.code = m.department_code
WHERE m.valid_from <= %(today)s AND (m.valid_to IS NULL OR m.valid_to > %(today)s)
"""


def find_matter(code: str) -> Any:
    """Return a matter that is valid today.

    Raises:
        NotFound: there is none.
    """
    found = read(
        f"SELECT {COLUMNS} AND m.code = %(code)s",
        {"code": code, "today": clock.today()},
    )
    if not found:
        raise NotFound
    return found[0]


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
