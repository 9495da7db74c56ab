"""What people decide about the exchange: deletions that were held, rows that were put aside."""

from typing import Any
from uuid import UUID

from app.database import read, transaction, write
from app.errors import NotFound
from app.privacy import audit
from app.sync.refusals import HoldDecided, QuarantineClosed

SHOWN = """
SELECT id, source, stream, made_at, n_missing, n_live, status, decided_by, decided_at
FROM sync_hold WHERE id = %(id)s
"""
DECIDE = """
WITH decided AS (
  UPDATE sync_hold SET status = %(status)s, decided_by = %(by)s, decided_at = now()
  WHERE id = %(id)s AND status = 'held' RETURNING id)
SELECT pg_notify('linli_sync', 'hold') FROM decided
"""
FORGET_KEYS = "DELETE FROM sync_held_key WHERE hold_id = %(id)s"
DISMISS = """
UPDATE sync_quarantine SET status = 'dismissed', closed_at = now()
WHERE source = %(source)s AND stream = %(stream)s AND digest = %(digest)s AND status = 'open'
RETURNING digest
"""
PUT_ASIDE = """
SELECT source, stream, digest, code, field, first_seen, last_seen, times, status
FROM sync_quarantine
WHERE source = %(source)s AND stream = %(stream)s AND digest = %(digest)s
"""


def decide_hold(by: UUID, hold_id: UUID, approve: bool) -> Any:
    """Approve held deletions, which are then carried out by the reader, or refuse them for good.

    Raises:
        NotFound: there is no such hold.
        HoldDecided: it is not held any more.
    """
    about = {"id": hold_id, "by": by, "status": "approved" if approve else "refused"}
    with transaction():
        decided = bool(write(DECIDE, about))
        found = read(SHOWN, about)
        if not found:
            raise NotFound
        if not decided:
            raise HoldDecided(state=found[0].status)
        if not approve:
            write(FORGET_KEYS, about)
        facts = {"stream": found[0].stream, "missing": found[0].n_missing}
        audit(by, f"sync.hold.{about['status']}", "sync_hold", hold_id, **facts)
    return found[0]


def dismiss(by: UUID, source: str, stream: str, digest: str) -> Any:
    """Close a quarantined row for good: the same row again stays closed.

    Raises:
        NotFound: there is no such row.
        QuarantineClosed: it is closed already.
    """
    names = {"source": source, "stream": stream, "digest": digest}
    with transaction():
        closed = bool(write(DISMISS, names))
        found = read(PUT_ASIDE, names)
        if not found:
            raise NotFound
        if not closed:
            raise QuarantineClosed(state=found[0].status)
        audit(by, "sync.quarantine.dismissed", "sync_quarantine", digest, stream=stream)
    return found[0]
