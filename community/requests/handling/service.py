"""Claiming, releasing and settling; each is one conditional update."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import transaction, write
from app.policy import Actor
from community.requests.events import done, tell_district
from community.requests.lifecycle import State, Step, step
from community.requests.policy import may_work
from community.requests.refusals import AlreadyClaimed, NotYours
from community.requests.steps_taken import claimed, seen, standing_of, take
from community.requests.view import RequestView, show

CLAIM = """
UPDATE service_request SET state = 'claimed', claimed_by = %(me)s, version = version + 1
WHERE id = %(id)s AND state IN ('dispatched', 'signed') AND grid_code = %(grid)s RETURNING version
"""


def claim(actor: Actor, request_id: UUID) -> RequestView:
    """Take a request; of any number who try at the same instant one succeeds.

    A worker who has it already gets it again, so that a lost answer harms nobody.

    Raises:
        NotFound, NotYours: the request is out of sight, or another unit's to handle.
        AlreadyClaimed: somebody else was first.
        StepRefused: it is settled or withdrawn.
    """
    row = seen(actor, request_id)
    if not may_work(actor, row):
        raise NotYours
    with transaction():
        about = {"id": request_id, "me": actor.account_id, "grid": row.grid_code}
        if write(CLAIM, about):
            done(actor, request_id, Step.CLAIM)
            return show(actor, request_id)
        now = seen(actor, request_id)
        if now.grid_code != row.grid_code:  # its grid ended meanwhile: whose it is now decides
            return claim(actor, request_id)
        if now.state == State.CLAIMED and now.claimed_by == actor.account_id:
            return show(actor, request_id)
        if now.state != State.CLAIMED:
            step(standing_of(now), Step.CLAIM)
        raise AlreadyClaimed


def release(actor: Actor, request_id: UUID, version: int, reason: str) -> RequestView:
    """Give a claimed request back, with the reason.

    Raises:
        NotYours, Stale, StepRefused: it is not the actor's, has changed, or is not claimed.
    """
    with transaction():
        row = claimed(actor, request_id, Step.RELEASE)
        take(row, Step.RELEASE, version, claimed_by=None)
        done(actor, request_id, Step.RELEASE, reason)
    return show(actor, request_id)


def settle(actor: Actor, request_id: UUID, version: int, result: str, note: str) -> RequestView:
    """Settle a claimed request with a result, and give the outcome back to the district.

    Raises:
        NotYours, Stale, StepRefused: it is not the actor's, has changed, or is not claimed.
    """
    with transaction():
        row = claimed(actor, request_id, Step.SETTLE)
        now = clock.now()
        take(row, Step.SETTLE, version, settled_at=now, result=result)
        done(actor, request_id, Step.SETTLE, note, result=result)
        payload: dict[str, Any] = {"number": row.number, "result": result, "settled_at": now}
        tell_district("request-settled", request_id, payload)
    return show(actor, request_id)
