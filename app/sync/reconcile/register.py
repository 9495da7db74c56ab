"""The reports that were kept."""

from typing import Any

from app.database import Cursor, Page, read
from app.errors import NotFound
from app.sync.reconcile.sealing import is_intact

LISTED = """
SELECT id, source, at, equal FROM sync_report
WHERE id < %(before)s AND (%(source)s::text IS NULL OR source = %(source)s)
ORDER BY id DESC LIMIT %(limit)s
"""
ONE = "SELECT id, source, at, equal, findings FROM sync_report WHERE id = %(id)s"
HIGHEST = 2**62


def list_reports(source: str | None, cursor: str | None, limit: int) -> Page[Any]:
    """Return the reports of a source, or of all, the newest first."""
    before = (Cursor.read("reports", cursor, [int]) or [HIGHEST])[0]
    rows = read(LISTED, {"before": before, "source": source, "limit": limit + 1})
    return Cursor.page("reports", rows, limit, lambda row: [row.id])


def find_report(number: int) -> dict[str, Any]:
    """Return a report with its findings, and whether it is as it was sealed.

    Raises:
        NotFound: there is none.
    """
    found = read(ONE, {"id": number}) if number < HIGHEST else []
    if not found:
        raise NotFound
    (row,) = found
    return {**row._asdict(), "intact": is_intact(row.findings)}
