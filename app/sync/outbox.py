"""Tell the district: an event is a row, written in the transaction of the deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy import func, select, text

from app import clock
from app.database import transaction
from app.privacy import vault
from app.sync.models import OutboxEvent
from app.worker import wake


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a subject; the payload is sealed until it is sent."""

    kind: str
    subject_kind: str
    subject_id: UUID
    payload: Mapping[str, object]


def tell(event: Event) -> None:
    """Write the event for the worker to send; never send from a request.

    Events of one subject are numbered without gaps under a lock, so that they leave in order.
    """
    with transaction() as session:
        subject = f"outbox {event.subject_kind} {event.subject_id}"
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))"),
            {"subject": subject},
        )
        before = session.scalar(
            select(func.coalesce(func.max(OutboxEvent.seq), 0)).where(
                OutboxEvent.subject_kind == event.subject_kind,
                OutboxEvent.subject_id == event.subject_id,
            )
        )
        seq = int(before or 0) + 1
        now = clock.now()
        session.add(
            OutboxEvent(
                subject_kind=event.subject_kind,
                subject_id=event.subject_id,
                seq=seq,
                kind=event.kind,
                payload_sealed=vault.seal(
                    "outbox.payload",
                    f"{event.subject_id}:{seq}",
                    orjson.dumps(event.payload).decode(),
                ),
                told_at=now,
                due_at=now,
            )
        )
        wake(session, "outbox")


def payload_of(event: OutboxEvent) -> dict[str, object]:
    """Open the payload of an event that is to be sent."""
    place = f"{event.subject_id}:{event.seq}"
    content: dict[str, object] = orjson.loads(
        vault.open("outbox.payload", place, event.payload_sealed)
    )
    return content
