"""Inbox reads: one index range for each area of the reader's, whatever the size of the district."""

from typing import Any
from uuid import UUID

from app.database import LAST_ID, Cursor, Page, read
from app.policy import Actor
from notices.policy import MANAGED_BY, managed_by

LARGEST = 2**62
COUNTED = 100

# LATERAL keeps the cost flat; area_code = ANY(...) grows with the history (measured).
INBOX = """
SELECT n.id, n.title, n.published_at, n.expires_at, t.seq, rc.read_at
FROM (SELECT DISTINCT ON (t.seq) t.seq, t.notice_id
      FROM unnest(%(path)s::text[]) a(code)
      CROSS JOIN LATERAL (
        SELECT seq, notice_id FROM notice_target t
        WHERE t.area_code = a.code AND t.seq < %(before)s AND t.expires_at > now()
        ORDER BY t.seq DESC LIMIT %(limit)s) t
      ORDER BY t.seq DESC LIMIT %(limit)s) t
JOIN notice n ON n.id = t.notice_id
LEFT JOIN notice_receipt rc ON rc.account_id = %(me)s AND rc.seq = t.seq
ORDER BY t.seq DESC
"""

UNREAD = """
SELECT count(*) AS n FROM (
  SELECT DISTINCT t.seq FROM unnest(%(path)s::text[]) a(code)
  CROSS JOIN LATERAL (
    SELECT t.seq FROM notice_target t
    WHERE t.area_code = a.code AND t.expires_at > now() AND NOT EXISTS (
      SELECT FROM notice_receipt rc WHERE rc.account_id = %(me)s AND rc.seq = t.seq)
    ORDER BY t.seq DESC LIMIT %(most)s) t
  LIMIT %(most)s) x
"""

ONE_READABLE = """
SELECT n.id, n.title, n.body_md, n.body_html, n.published_at, n.expires_at, n.publish_seq,
       rc.read_at
FROM notice n LEFT JOIN notice_receipt rc ON rc.account_id = %(me)s AND rc.seq = n.publish_seq
WHERE n.id = %(id)s AND n.state = 'published' AND n.area_codes && %(path)s::text[]
"""

STAFF_COLUMNS = """
n.id, n.title, n.body_md, n.body_html, n.area_codes, n.state, n.version, n.drafted_by,
n.drafted_at, n.published_at, n.publish_seq, n.expires_at
"""

ONE_MANAGED = f"SELECT {STAFF_COLUMNS} FROM notice n WHERE n.id = %(id)s AND {MANAGED_BY}"  # noqa: S608

MANAGED = f"""
SELECT {STAFF_COLUMNS} FROM notice n WHERE n.id < %(after)s::uuid AND {MANAGED_BY}
ORDER BY n.id DESC LIMIT %(limit)s
"""  # noqa: S608  constants of ours


def inbox(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return what is published to the actor's areas and has not expired, the newest first."""
    after = Cursor.read("inbox", cursor, [int]) or [LARGEST]
    rows = read(INBOX, _reader(actor) | {"before": after[0], "limit": limit + 1})
    return Cursor.page("inbox", rows, limit, lambda row: [row.seq])


def unread(actor: Actor) -> int:
    """Return how many notices the actor has not read, counted up to 100."""
    return int(read(UNREAD, _reader(actor) | {"most": COUNTED})[0].n)


def one_readable(actor: Actor, notice_id: UUID) -> Any | None:
    """Return a published notice to one of the actor's areas, also after it expired."""
    return next(iter(read(ONE_READABLE, _reader(actor) | {"id": notice_id})), None)


def one_managed(actor: Actor, notice_id: UUID) -> Any | None:
    """Return a notice that the actor may manage."""
    return next(iter(read(ONE_MANAGED, managed_by(actor) | {"id": notice_id})), None)


def managed(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return the notices that the actor may manage, the newest first."""
    after = Cursor.read("notices", cursor, [str]) or [LAST_ID]
    rows = read(MANAGED, managed_by(actor) | {"after": after[0], "limit": limit + 1})
    return Cursor.page("notices", rows, limit, lambda row: [str(row.id)])


def _reader(actor: Actor) -> dict[str, Any]:
    return {"me": actor.account_id, "path": list(actor.area_path)}
