"""What waits, what is parked and what was sent, for those who look after the exchange.

Never a payload: who looks after the exchange sees that it runs, not what is in it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import FIRST_ID, LAST_ID, Cursor, Page, read, transaction, write
from app.errors import NotFound
from app.privacy import audit

STATES = ("waiting", "parked", "sent")
AT_ONCE = 1000

COLUMNS = """
id, subject_kind || '-' || subject_id || '-' || lpad(seq::text, greatest(6, length(seq::text)), '0')
  AS key, kind, subject_kind, subject_id, seq,
CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN parked_at IS NOT NULL THEN 'parked'
  ELSE 'waiting' END AS state,
told_at, due_at, tries, parked_at, refusal, sent_at, receipt
"""

LISTS = {
    "waiting": f"""SELECT {COLUMNS} FROM outbox
      WHERE sent_at IS NULL AND parked_at IS NULL AND id > %(id)s::uuid
      ORDER BY id LIMIT %(limit)s""",
    "parked": f"""SELECT {COLUMNS} FROM outbox
      WHERE parked_at IS NOT NULL AND id > %(id)s::uuid
      ORDER BY id LIMIT %(limit)s""",
    "sent": f"""SELECT {COLUMNS} FROM outbox
      WHERE sent_at IS NOT NULL AND (sent_at, id) < (%(at)s::timestamptz, %(id)s::uuid)
      ORDER BY sent_at DESC, id DESC LIMIT %(limit)s""",
}

ONE = f"SELECT {COLUMNS} FROM outbox WHERE id = %(id)s"

# The tries begin anew: a person has looked at it. The fence shuts out whoever parked it.
AGAIN = """
UPDATE outbox SET parked_at = NULL, refusal = NULL, tries = 0, due_at = now(), lease_until = NULL,
  fence = fence + 1
WHERE id = %(id)s AND parked_at IS NOT NULL RETURNING id
"""

WAKE = "SELECT pg_notify('linli_work', 'outbox')"

PARKED_FOR = """
SELECT id FROM outbox WHERE parked_at IS NOT NULL AND refusal = %(refusal)s ORDER BY id
LIMIT %(most)s
"""

STANDING = """
SELECT count(*) FILTER (WHERE parked_at IS NULL) AS waiting,
  min(told_at) FILTER (WHERE parked_at IS NULL) AS oldest,
  count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked
FROM outbox WHERE sent_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many events wait, since when the oldest of them, and how many are parked."""

    waiting: int
    oldest: datetime | None
    parked: int


def standing() -> Standing:
    """Return how the outbox stands."""
    row = read(STANDING)[0]
    return Standing(row.waiting, row.oldest, row.parked)


def list_events(state: str, cursor: str | None, limit: int) -> Page[Any]:
    """Return some events in a state: sent ones the newest first, the others in order of telling.

    Raises:
        CursorRefused: the cursor is of another list.
    """
    name = f"outbox-{state}"
    if state == "sent":
        at, after = Cursor.read(name, cursor, [str, str]) or ["infinity", LAST_ID]
    else:
        at, (after,) = None, Cursor.read(name, cursor, [str]) or [FIRST_ID]
    rows = read(LISTS[state], {"at": at, "id": after, "limit": limit + 1})
    return Cursor.page(
        name, rows, limit, lambda row: [row.sent_at, row.id] if state == "sent" else [row.id]
    )


def retry_event(account_id: UUID | None, event_id: UUID) -> Any:
    """Have a parked event sent again at once, and return it; one that is not parked stays as it is.

    Raises:
        NotFound: there is no such event.
    """
    with transaction():
        if write(AGAIN, {"id": event_id}):
            audit(account_id, "outbox-retried", "outbox", event_id)
            write(WAKE)
        found = write(ONE, {"id": event_id})
    if not found:
        raise NotFound
    return found[0]


def retry_parked_for(account_id: UUID | None, refusal: str) -> int:
    """Have the events that were parked for one reason sent again, at most a thousand at once."""
    with transaction():
        parked = write(PARKED_FOR, {"refusal": refusal, "most": AT_ONCE})
        for row in parked:
            retry_event(account_id, row.id)
    return len(parked)
