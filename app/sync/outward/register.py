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
from app.sync.outward.outbox import free_next
from app.sync.outward.refusals import OutcomeNotParked

STATES = ("waiting", "parked", "sent", "given_up")
REASONS = ("told_otherwise", "not_theirs", "overtaken", "unreadable")
"""Why one is given up: the district knows by another way; has no such subject; what it says holds
no more; its payload does not open."""

AT_ONCE = 1000

COLUMNS = """
id, subject_kind || '-' || subject_id || '-' || lpad(seq::text, greatest(6, length(seq::text)), '0')
  AS key, kind, subject_kind, subject_id, seq,
CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN parked_at IS NOT NULL THEN 'parked'
  WHEN given_up_at IS NOT NULL THEN 'given_up' ELSE 'waiting' END AS state,
told_at, due_at, tries, parked_at, refusal, sent_at, receipt, given_up_at, given_up_because
"""

OVER = {"sent": "sent_at", "given_up": "given_up_at"}

LISTS = {
    "waiting": f"""SELECT {COLUMNS} FROM outbox
      WHERE sent_at IS NULL AND given_up_at IS NULL AND parked_at IS NULL AND id > %(id)s::uuid
      ORDER BY id LIMIT %(limit)s""",
    "parked": f"""SELECT {COLUMNS} FROM outbox
      WHERE parked_at IS NOT NULL AND id > %(id)s::uuid
      ORDER BY id LIMIT %(limit)s""",
    **{
        state: f"""SELECT {COLUMNS} FROM outbox
          WHERE {over} IS NOT NULL AND ({over}, id) < (%(at)s::timestamptz, %(id)s::uuid)
          ORDER BY {over} DESC, id DESC LIMIT %(limit)s"""
        for state, over in OVER.items()
    },
}

ONE = f"SELECT {COLUMNS} FROM outbox WHERE id = %(id)s"

# The tries begin anew: a person has looked at it. The fence shuts out whoever parked it.
AGAIN = """
UPDATE outbox SET parked_at = NULL, refusal = NULL, tries = 0, due_at = now(), lease_until = NULL,
  fence = fence + 1
WHERE id = %(id)s AND parked_at IS NOT NULL RETURNING id
"""

# An end: nothing parks it or sends it again. The fence shuts out whoever parked it.
GIVE_UP = """
UPDATE outbox SET given_up_at = now(), given_up_because = %(because)s, parked_at = NULL,
  due_at = NULL, lease_until = NULL, fence = fence + 1
WHERE id = %(id)s AND parked_at IS NOT NULL RETURNING subject_kind, subject_id, seq, skips
"""

WAKE = "SELECT pg_notify('linli_work', 'outbox')"

PARKED_FOR = """
SELECT id FROM outbox WHERE parked_at IS NOT NULL AND refusal = %(refusal)s ORDER BY id
LIMIT %(most)s
"""

STANDING = """
SELECT count(*) FILTER (WHERE parked_at IS NULL) AS waiting,
  min(told_at) FILTER (WHERE parked_at IS NULL) AS oldest,
  count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked,
  (SELECT count(*) FROM outbox WHERE given_up_at IS NOT NULL) AS given_up
FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many events wait, since when the oldest of them; how many are parked or given up."""

    waiting: int
    oldest: datetime | None
    parked: int
    given_up: int


def standing() -> Standing:
    """Return how the outbox stands."""
    row = read(STANDING)[0]
    return Standing(row.waiting, row.oldest, row.parked, row.given_up)


def list_events(state: str, cursor: str | None, limit: int) -> Page[Any]:
    """Return some events in a state: those that are over the newest first, the others as told.

    Raises:
        CursorRefused: the cursor is of another list.
    """
    name = f"outbox-{state}"
    over = OVER.get(state)
    if over:
        at, after = Cursor.read(name, cursor, [str, str]) or ["infinity", LAST_ID]
    else:
        at, (after,) = None, Cursor.read(name, cursor, [str]) or [FIRST_ID]
    rows = read(LISTS[state], {"at": at, "id": after, "limit": limit + 1})
    return Cursor.page(
        name, rows, limit, lambda row: [getattr(row, over), row.id] if over else [row.id]
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


def give_up_event(account_id: UUID | None, event_id: UUID, because: str) -> Any:
    """Give a parked event up for good, have the next one of its subject due, and return it.

    One that is given up already stays as it is.

    Raises:
        NotFound: there is no such event.
        OutcomeNotParked: it waits, or was sent.
    """
    with transaction():
        given_up = write(GIVE_UP, {"id": event_id, "because": because})
        for row in given_up:
            free_next(row.subject_kind, row.subject_id, row.seq, row.skips + 1)
            facts = {"seq": row.seq, "because": because}
            audit(account_id, "outbox-given-up", "outbox", event_id, **facts)
            write(WAKE)
        found = write(ONE, {"id": event_id})
    if not found:
        raise NotFound
    if found[0].state != "given_up":
        raise OutcomeNotParked(state=found[0].state)
    return found[0]


def retry_parked_for(account_id: UUID | None, refusal: str) -> int:
    """Have the events that were parked for one reason sent again, at most a thousand at once."""
    with transaction():
        parked = write(PARKED_FOR, {"refusal": refusal, "most": AT_ONCE})
        for row in parked:
            retry_event(account_id, row.id)
    return len(parked)
