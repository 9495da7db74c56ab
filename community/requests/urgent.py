"""Lists of what has to be done, the most urgent first, in pages that repeat and lose nothing."""

from collections.abc import Mapping
from typing import Any

from app.database import FIRST_ID, Cursor, Page, read


def urgent_first(
    name: str,
    sql: str,
    about: Mapping[str, object],
    cursor: str | None,
    limit: int,
    by: tuple[str, str] = ("due_at", "request_id"),
) -> Page[Any]:
    """Return a page of what ``sql`` finds: by when it is due, then by key.

    ``by`` names the two columns. The statement orders by them, and takes ``due`` and ``after``,
    behind which the page begins, and ``limit`` beside what ``about`` holds.
    """
    due_at, key = by
    due, after = Cursor.read(name, cursor, [str, str]) or ["-infinity", FIRST_ID]
    rows = read(sql, {**about, "due": due, "after": after, "limit": limit + 1})

    def place(row: Any) -> list[str]:
        return [getattr(row, due_at).isoformat(), str(getattr(row, key))]

    return Cursor.page(name, rows, limit, place)
