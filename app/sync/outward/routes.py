"""What the district is told, for those who look after the exchange."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.step_up import stepped_up
from app.policy import Role, Rows, Scope
from app.sync.outward import register
from app.sync.outward.refusals import OutcomeNotParked
from app.sync.outward.schemas import GiveUpBody, OutboxPage, OutboxQuery, OutboxShape

outcomes = Blueprint(
    "outcomes", __name__, url_prefix="/api/v1/sync/outbox", description="结果回传 · Outcomes"
)

POLICY: Rows = {
    ("outcomes.list_outbox", "GET"): {Role.SYNC_OPERATOR: Scope.ALL, Role.AUDITOR: Scope.ALL},
    ("outcomes.retry_outcome", "POST"): {Role.SYNC_OPERATOR: Scope.ALL},
    ("outcomes.give_up_outcome", "POST"): {Role.SYNC_OPERATOR: Scope.ALL},
}

EVENT = {
    "id": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001",
    "key": "request-018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0ff-000002",
    "kind": "request-settled",
    "subject_kind": "request",
    "subject_id": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0ff",
    "seq": 2,
    "told_at": "2026-11-23T01:00:00+00:00",
}
PARKED = EVENT | {
    "state": "parked",
    "due_at": None,
    "tries": 1,
    "parked_at": "2026-11-23T01:00:02+00:00",
    "refusal": "422 unknown-matter",
    "sent_at": None,
    "receipt": None,
    "given_up_at": None,
    "given_up_because": None,
}
GIVEN_UP = PARKED | {
    "state": "given_up",
    "parked_at": None,
    "given_up_at": "2026-11-24T02:00:00+00:00",
    "given_up_because": "told_otherwise",
}
DUE_AGAIN = PARKED | {
    "state": "waiting",
    "due_at": "2026-11-23T02:00:00+00:00",
    "tries": 0,
    "parked_at": None,
    "refusal": None,
}


@outcomes.get("")
@outcomes.refuses(CursorRefused)
@outcomes.query(OutboxQuery)
@outcomes.answer(200, OutboxPage, example={"items": [PARKED], "next": None})
def list_outbox(query: dict[str, Any]) -> Page[Any]:
    """List what the district is told, by state; never the content."""
    return register.list_events(**query)


@outcomes.post("/<uuid:id>/retry")
@outcomes.answer(200, OutboxShape, example=DUE_AGAIN)
def retry_outcome(id: UUID) -> Any:  # noqa: A002  the name of the path's parameter
    """Have a parked event sent again; one that is not parked stays as it is, so repeat freely."""
    return register.retry_event(current_actor().account_id, id)


@outcomes.post("/<uuid:id>/giving-up")
@stepped_up
@outcomes.refuses(OutcomeNotParked)
@outcomes.body(GiveUpBody, example={"because": "told_otherwise"})
@outcomes.answer(200, OutboxShape, example=GIVEN_UP)
def give_up_outcome(id: UUID, body: dict[str, Any]) -> Any:  # noqa: A002  the path's parameter
    """Give a parked event up for good, so that the later ones of its subject leave."""
    return register.give_up_event(current_actor().account_id, id, body["because"])
