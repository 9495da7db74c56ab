"""Tell the district: an event is a row, written in the transaction of the deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuids

from app.database import write
from app.privacy import vault
from app.sync.outward.models import OutboxEvent

# Only the first unsent event of a subject is due; the one after it becomes due when that one is
# recorded as sent, or given up. The lock keeps the two apart: either the record waits for this deed
# and finds the new event, or this deed waits for the record and finds nothing left to wait for.
TELL = """
WITH last AS MATERIALIZED (
  SELECT seq, sent_at, given_up_at, skips FROM outbox
  WHERE subject_kind = %(subject_kind)s AND subject_id = %(subject)s
  ORDER BY seq DESC LIMIT 1 FOR SHARE),
told AS (
  INSERT INTO outbox (id, subject_kind, subject_id, seq, kind, payload_sealed, told_at, due_at,
    skips)
  SELECT %(id)s, %(subject_kind)s, %(subject)s, coalesce(max(seq), 0) + 1, %(kind)s, %(payload)s,
         now(), CASE WHEN bool_and(coalesce(sent_at, given_up_at) IS NOT NULL) IS NOT FALSE
           THEN now() END, coalesce(max(skips + 1) FILTER (WHERE given_up_at IS NOT NULL), 0)
  FROM last RETURNING id)
SELECT pg_notify('linli_work', 'outbox') FROM told
"""

UNSENT = """
SELECT id FROM outbox
WHERE subject_kind = %(subject_kind)s AND subject_id = %(subject)s AND kind = %(kind)s
  AND sent_at IS NULL
ORDER BY seq FOR UPDATE
"""

TOLD_OF = """
SELECT id, coalesce(sent_at, given_up_at) IS NOT NULL AS over FROM outbox
WHERE subject_kind = %(subject_kind)s AND subject_id = %(subject)s ORDER BY seq FOR UPDATE
"""

NEXT = """
UPDATE outbox SET due_at = now(), skips = %(skips)s
WHERE subject_kind = %(subject_kind)s AND subject_id = %(subject)s AND seq = %(next)s
  AND sent_at IS NULL AND parked_at IS NULL AND given_up_at IS NULL
"""

# The fence, because it counts each claim: the tries begin anew when a person has it sent again.
REPLACE = """
UPDATE outbox SET payload_sealed = %(payload)s, withheld_late = withheld_late OR fence > 0
WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a subject; the payload is sealed until it is sent.

    ``of``: the account whose own key seals it; what it says is unreadable once that is closed.
    """

    kind: str
    subject_kind: str
    subject_id: UUID
    payload: Mapping[str, object]
    of: UUID | None = None


def tell(event: Event) -> None:
    """Write the event for the worker to send; never send from a request.

    Events of one subject are numbered without gaps, so that they leave in order. The deed holds
    the lock on the subject's row; were it not so, the unique number would refuse the second.
    """
    key = uuids.uuid7()
    values = _named(event) | {"id": key, "payload": _sealed(key, event)}
    write(TELL, values)


def withhold(event: Event) -> None:
    """Give the unsent events of this kind and subject the payload of ``event`` instead of theirs.

    For what may no longer be told, such as a phone whose owner has withdrawn the consent. The
    numbers stay, so that the order has no gap. What was sent before cannot be called back, and
    the receiver may have taken what was only tried: the row says so, and delivery knows it again.
    """
    for row in write(UNSENT, _named(event)):
        write(REPLACE, {"id": row.id, "payload": _sealed(row.id, event)})


def forget_told(subject_kind: str, subject_id: UUID) -> None:
    """Empty what was told, or is to be told, of a subject: it was about somebody who was erased.

    The numbers stay. What was not sent yet leaves without content; what was sent cannot be called
    back, and its payload, like that of what was given up, is no longer kept here.
    """
    empty = Event("", subject_kind, subject_id, {})
    for row in write(TOLD_OF, _named(empty)):
        write(REPLACE, {"id": row.id, "payload": None if row.over else _sealed(row.id, empty)})


def free_next(subject_kind: str, subject_id: UUID, seq: int, skips: int = 0) -> None:
    """Have the event after ``seq`` due: that one is over, with ``skips`` given up at its end."""
    about = {"subject_kind": subject_kind, "subject": subject_id, "next": seq + 1, "skips": skips}
    write(NEXT, about)


def key_of(event: OutboxEvent) -> str:
    """Return the name by which a receiver knows an event again, the same at every try."""
    return f"{event.subject_kind}-{event.subject_id}-{event.seq:06d}"


def envelope_of(event: OutboxEvent) -> bytes:
    """Return what is handed over of an event: the same bytes at every try, unless it was withheld.

    Raises:
        SealBroken: the payload does not open.
    """
    sealed = event.payload_sealed or b""
    content = {
        "key": key_of(event),
        "kind": event.kind,
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "seq": event.seq,
        "told_at": event.told_at,
        "payload": orjson.loads(vault.open("outbox.payload", event.id, sealed)),
    }
    if event.skips:
        content["given_up"] = list(range(event.seq - event.skips, event.seq))
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def _named(event: Event) -> dict[str, Any]:
    return {
        "subject_kind": event.subject_kind,
        "subject": event.subject_id,
        "kind": event.kind,
    }


def _sealed(key: UUID, event: Event) -> bytes:
    return vault.seal("outbox.payload", key, orjson.dumps(event.payload).decode(), event.of)
