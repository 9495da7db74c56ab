"""Withdrawing: whoever filed a request takes it back."""

from uuid import UUID

from app.database import transaction
from app.policy import Actor
from community.requests.events import done, tell_district
from community.requests.lifecycle import Step
from community.requests.steps_taken import filed, leave_master, take
from community.requests.view import RequestView, show


def withdraw(actor: Actor, request_id: UUID, version: int) -> RequestView:
    """Withdraw an open request.

    Raises:
        NotYours, Stale, StepRefused: somebody else filed it, it has changed, or it is settled.
    """
    with transaction():
        row = filed(actor, request_id)
        take(row, Step.WITHDRAW, version, next_rung_at=None, **leave_master(row))
        done(actor, request_id, Step.WITHDRAW)
        tell_district("request-withdrawn", request_id, {"number": row.number})
    return show(actor, request_id)
