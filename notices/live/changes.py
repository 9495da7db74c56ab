"""What readers are told of: every change of what is shown, in commit order, and for whom it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.database import apart
from notices.audience.people import HOLDS, People
from notices.model.lifecycle import Step

HOLDERS, RESIDENT = int(People.HOLDERS), 1

SINCE = """
SELECT c.seq, c.step, c.notice_id, n.places, n.people, n.matters
FROM notice_change c JOIN notice n ON n.id = c.notice_id
WHERE c.seq > %(seen)s ORDER BY c.seq LIMIT %(limit)s
"""
LATEST = "SELECT coalesce(max(seq), 0) AS seq FROM notice_change"
HOLDING = f"""
SELECT ac.id FROM unnest(%(accounts)s::uuid[]) AS ac(id)
WHERE {HOLDS.format(account="ac.id", matters="%(matters)s::text[]")}
"""  # noqa: S608  constants of ours


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``people`` are the kinds of people at ``places`` for whom the notice is."""

    seq: int
    step: str
    notice_id: UUID
    places: tuple[str, ...]
    people: int
    matters: tuple[str, ...]

    def event(self) -> bytes:
        """Return it as pages are told: the id of what was published, or that a count may differ."""
        if self.step == Step.PUBLISH:
            return f'id: {self.seq}\nevent: notice\ndata: {{"id":"{self.notice_id}"}}\n\n'.encode()
        return hint(self.seq)


def hint(seq: int) -> bytes:
    """Return the event that says: what is unread may have changed; ask."""
    return f"id: {seq}\nevent: unread\ndata: {{}}\n\n".encode()


def since(seen: int, limit: int) -> list[Change]:
    """Return the changes after a number, the oldest first."""
    return [_change(row) for row in apart(SINCE, {"seen": seen, "limit": limit})]


def latest() -> int:
    """Return the number of the last change."""
    return int(apart(LATEST)[0].seq)


def holding(matters: Sequence[str], accounts: Sequence[UUID]) -> set[UUID]:
    """Return those of the accounts that hold one of the matters."""
    about = {"matters": list(matters), "accounts": list(accounts)}
    return {row.id for row in apart(HOLDING, about)}


def _change(row: Any) -> Change:
    return Change(
        row.seq, row.step, row.notice_id, tuple(row.places), row.people, tuple(row.matters)
    )
