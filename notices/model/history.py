"""What became of a notice, step by step, and what changed between two of its texts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from app.database import read, write

CONTENT = (
    *("title", "body_md", "title_en", "body_en_md", "large_text", "read_aloud", "kind"),
    *("priority", "drill", "pinned", "needs_ack", "ack_by", "publish_at", "expires_at"),
    *("audience", "change_note", "attachments"),
)
"""What staff write; all else follows from it."""

WRITE = """
INSERT INTO notice_version
  (notice_id, version, step, state, at, account_id, reason, changed, content)
VALUES (%(id)s, %(version)s, %(step)s, %(state)s, %(now)s, %(me)s, %(reason)s, %(changed)s,
        %(content)s)
"""

OF_NOTICE = """
SELECT id, version, step, state, at, reason, changed, content FROM notice_version
WHERE notice_id = %(id)s AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s
"""


def record(
    notice_id: UUID,
    version: int,
    step: str,
    state: str,
    now: Any,
    *,
    by: UUID | None,
    reason: str | None = None,
    changed: list[str] | None = None,
    content: Mapping[str, Any] | None = None,
) -> None:
    """Write down a step in the transaction of the deed."""
    values = {
        "id": notice_id,
        "version": version,
        "step": step,
        "state": state,
        "now": now,
        "me": by,
        "reason": reason,
        "changed": changed or [],
        "content": orjson.dumps(content, default=str).decode() if content is not None else None,
    }
    write(WRITE, values)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the fields of the content that differ."""
    return [name for name in CONTENT if before.get(name) != after.get(name)]


def corrected(change_note: str | None, words: str) -> str:
    """Return words for readers; those of a correction say first what it changed."""
    return f"更正:{change_note.rstrip('。')}。{words}" if change_note else words


def history(notice_id: UUID, before: int, limit: int) -> list[Any]:
    """Return the steps of a notice before a number, the newest first."""
    return read(OF_NOTICE, {"id": notice_id, "before": before, "limit": limit})
