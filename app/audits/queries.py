"""What auditors read of the trail: by page, by account, by subject; nothing can be changed."""

from typing import Any
from uuid import UUID

from app.database import Cursor, Page, read

NEWEST = 2**63 - 1

LISTED = """
SELECT * FROM audit_entry
WHERE id < %(before)s {conditions} ORDER BY id DESC LIMIT %(limit)s
"""
CONDITIONS = {
    "account": "AND account_id = %(account)s::uuid",
    "subject_id": "AND subject_kind = %(subject_kind)s AND subject_id = %(subject_id)s",
    "chain": "AND chain = %(chain)s",
}


def listed(cursor: str | None, limit: int, **wanted: str | UUID | None) -> Page[Any]:
    """Return entries, the newest first; of one account, or about one subject, if one is named."""
    after = Cursor.read("audit", cursor, [int]) or [NEWEST]
    conditions = " ".join(sql for name, sql in CONDITIONS.items() if wanted.get(name))
    rows = read(
        LISTED.format(conditions=conditions), {**wanted, "before": after[0], "limit": limit + 1}
    )
    return Cursor.page("audit", rows, limit, lambda row: [row.id])
