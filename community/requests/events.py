"""What is written when a request takes a step: its timeline, the audit, and the district."""

from collections.abc import Mapping
from uuid import UUID

import orjson

from app.database import read, write
from app.policy import Actor
from app.privacy import audit, vault
from app.sync import Event, tell
from community.requests.lifecycle import Step

APPEND = """
INSERT INTO request_event (request_id, at, step, account_id, note_sealed, facts)
VALUES (%(request)s, clock_timestamp(), %(step)s, %(account)s, %(note)s, %(facts)s)
"""

WHOSE = "SELECT account_id FROM service_request WHERE id = %(id)s"

NOTE = "request_event.note"


def record(
    actor: Actor | None,
    request_id: UUID,
    step: Step | str,
    note: str | None = None,
    **facts: object,
) -> None:
    """Append one entry to the timeline; ``facts`` are codes and numbers only.

    ``actor`` is None for what the platform does by itself. A note says something of whoever filed
    the request, and so it is sealed under their key.
    """
    write(
        APPEND,
        {
            "request": request_id,
            "step": str(step),
            "account": actor.account_id if actor else None,
            "note": _sealed(request_id, note) if note else None,
            "facts": orjson.dumps(facts).decode(),
        },
    )


def done(
    actor: Actor | None,
    request_id: UUID,
    step: Step | str,
    note: str | None = None,
    **facts: object,
) -> None:
    """Record a step in the timeline and in the audit."""
    record(actor, request_id, step, note, **facts)
    account = actor.account_id if actor else None
    audit(account, f"request-{step}", "request", request_id, **facts)


def _sealed(request_id: UUID, note: str) -> bytes:
    filed_by = read(WHOSE, {"id": request_id})[0].account_id
    return vault.seal_about(NOTE, request_id, note, filed_by)


def tell_district(kind: str, request_id: UUID, payload: Mapping[str, object]) -> None:
    """Give an outcome back to the district."""
    tell(Event(kind, "request", request_id, payload))
