"""Tell the district: an event is a row, written in the transaction of the deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson
import uuid_utils.compat as uuids

from app.database import write
from app.privacy import vault
from app.sync.models import OutboxEvent

TELL = """
WITH told AS (
  INSERT INTO outbox (id, subject_kind, subject_id, seq, kind, payload_sealed, told_at, due_at)
  SELECT %(id)s, %(subject_kind)s, %(subject)s,
         coalesce(max(seq), 0) + 1, %(kind)s, %(payload)s, now(), now()
  FROM outbox WHERE subject_kind = %(subject_kind)s AND subject_id = %(subject)s
  RETURNING id)
SELECT pg_notify('linli_work', 'outbox') FROM told
"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a subject; the payload is sealed until it is sent."""

    kind: str
    subject_kind: str
    subject_id: UUID
    payload: Mapping[str, object]


def tell(event: Event) -> None:
    """Write the event for the worker to send; never send from a request.

    Events of one subject are numbered without gaps, so that they leave in order. The deed holds
    the lock on the subject's row; were it not so, the unique number would refuse the second.
    """
    key = uuids.uuid7()
    payload = orjson.dumps(event.payload).decode()
    write(
        TELL,
        {
            "id": key,
            "subject_kind": event.subject_kind,
            "subject": event.subject_id,
            "kind": event.kind,
            "payload": vault.seal("outbox.payload", key, payload),
        },
    )


def payload_of(event: OutboxEvent) -> dict[str, object]:
    """Open the payload of an event that is to be sent."""
    content: dict[str, object] = orjson.loads(
        vault.open("outbox.payload", event.id, event.payload_sealed)
    )
    return content
