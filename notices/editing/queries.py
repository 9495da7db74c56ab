"""Notices as staff see them: those within their own area."""

from typing import Any
from uuid import UUID

from app.database import LAST_ID, Cursor, Page, read
from app.policy import Actor
from notices.model import history as steps
from notices.model.policy import MANAGED_BY, managed_by

LARGEST = 2**62

COLUMNS = """
n.id, n.root_id, n.revision, n.state, n.version, n.kind, n.priority, n.drill, n.pinned, n.needs_ack,
n.ack_by, n.title, n.body_md, n.body_html, n.title_en, n.body_en_md, n.body_en_html, n.large_text,
n.read_aloud, n.change_note, n.audience, n.area_codes, n.publish_at, n.expires_at, n.drafted_by,
n.drafted_at, n.submitted_by, n.approved_by, n.published_at, n.publish_seq, n.ended_at, n.places,
n.people, n.matters, n.polygon, n.counted_at, n.attachments
"""

ONE_MANAGED = f"SELECT {COLUMNS} FROM notice n WHERE n.id = %(id)s AND {MANAGED_BY}"  # noqa: S608

MANAGED = f"""
SELECT {COLUMNS} FROM notice n WHERE n.id < %(after)s::uuid
  AND (%(state)s::text IS NULL OR n.state = %(state)s) AND {MANAGED_BY}
ORDER BY n.id DESC LIMIT %(limit)s
"""  # noqa: S608  constants of ours


def one_managed(actor: Actor, notice_id: UUID) -> Any | None:
    """Return a notice that the actor may manage."""
    return next(iter(read(ONE_MANAGED, managed_by(actor) | {"id": notice_id})), None)


def managed(actor: Actor, state: str | None, cursor: str | None, limit: int) -> Page[Any]:
    """Return the notices that the actor may manage, the newest first."""
    after = Cursor.read("notices", cursor, [str]) or [LAST_ID]
    about = {"after": after[0], "state": state, "limit": limit + 1}
    rows = read(MANAGED, managed_by(actor) | about)
    return Cursor.page("notices", rows, limit, lambda row: [str(row.id)])


def versions(notice_id: UUID, cursor: str | None, limit: int) -> Page[Any]:
    """Return the steps of a notice, the newest first."""
    after = Cursor.read("notice-versions", cursor, [int]) or [LARGEST]
    rows = steps.history(notice_id, after[0], limit + 1)
    return Cursor.page("notice-versions", rows, limit, lambda row: [row.id])
