"""A notice as it is sent, read anew before each page: what is withdrawn stops there."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from app import clock
from app.database import apart
from notices.audience.public import IS_PUBLIC
from notices.channels.protocol import Message
from notices.model.history import corrected
from notices.model.lifecycle import Priority

SUMMARY = 200  # characters

FOLLOWED_IN = f"""
SELECT n.area_codes FROM notice n
WHERE n.root_id = %(root)s AND n.state = 'published' AND {IS_PUBLIC}
"""  # noqa: S608  constants of ours
MESSAGE = """
SELECT n.id, n.root_id, n.revision, n.title, n.title_en, left(n.read_aloud, 1000) AS read_aloud,
  n.area_codes, n.places, n.people, n.matters, n.published_at, n.expires_at, n.priority, n.drill,
  n.kind, n.needs_ack, n.ack_by, n.change_note, n.ended_at
FROM notice n WHERE n.id = %(id)s AND CASE WHEN %(over)s
  THEN n.state IN ('withdrawn', 'superseded') ELSE
  n.state = 'published' AND (n.expires_at IS NULL OR n.expires_at > now()) END
"""


def message_of(notice_id: UUID, *, over: bool = False, rung: str | None = None) -> Message | None:
    """Return a notice that stands, or None: it was withdrawn, corrected or is over.

    ``over``: the word that it was withdrawn, or corrected away from somewhere, which no expiry
    stops. ``rung`` asks for it again.
    """
    found = apart(MESSAGE, {"id": notice_id, "over": over})
    if not found:
        return None
    message = replace(as_message(found[0]), rung=rung)
    if not over:
        return message
    followed = apart(FOLLOWED_IN, {"root": message.root_id})
    areas = tuple(followed[0].area_codes) if followed else ()
    message = replace(message, withdrawn_at=found[0].ended_at, followed_in=areas)
    return replace(message, expires_at=None, answer_by=None)


def as_message(row: Any) -> Message:
    """Return the notice of a row, published or not, as channels would be given it."""
    return Message(
        notice_id=row.id,
        root_id=row.root_id,
        revision=row.revision,
        title=row.title,
        title_en=row.title_en,
        summary=_summary(row),
        area_codes=tuple(row.area_codes),
        places=tuple(row.places),
        people=row.people,
        matters=tuple(row.matters),
        published_at=row.published_at,
        expires_at=row.expires_at,
        emergency=row.priority == Priority.EMERGENCY,
        drill=row.drill,
        kind=row.kind,
        answer_by=row.ack_by if row.needs_ack else None,
    )


def _summary(row: Any) -> str:
    """Return how it begins: by when it must be acknowledged, what was corrected, its words."""
    words = corrected(row.change_note, row.read_aloud)
    if row.needs_ack:
        at = row.ack_by.astimezone(clock.SHANGHAI)
        words = f"请于{at.month}月{at.day}日{at:%H:%M}前确认。{words}"
    return " ".join(words.split())[:SUMMARY]
