"""Signing, claiming, releasing and first contact; each is one conditional update."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import transaction, write
from app.policy import Actor
from community.requests.clock import running
from community.requests.events import done
from community.requests.lifecycle import State, Step, step
from community.requests.policy import holds, may_work
from community.requests.refusals import AlreadyClaimed, AtCapacity, NotYours
from community.requests.steps_taken import claimed, seen, standing_of, take
from community.requests.view import RequestView, show
from community.rules import registers
from community.rules.deciding import capacity_of

# Those who add to what one person holds take turns, so that each counts what the others gave.
TURN = "SELECT pg_advisory_xact_lock(hashtextextended('capacity ' || %(holder)s::text, 0))"

CLAIM = """
UPDATE service_request r SET state = 'claimed', claimed_by = %(me)s, version = version + 1,
  signed_at = coalesce(signed_at, now()), next_rung_at = %(rung_at)s
WHERE id = %(id)s AND state IN ('dispatched', 'signed') AND grid_code = %(grid)s
  AND department_code IS NOT DISTINCT FROM %(department)s
  AND (%(most)s::int IS NULL OR %(most)s > (SELECT count(*) FROM service_request h
    WHERE h.claimed_by = %(me)s AND h.state IN ('claimed', 'waiting')))
RETURNING version
"""


def sign(actor: Actor, request_id: UUID, version: int) -> RequestView:
    """Sign for a request (签收). The clock has run since it was dispatched.

    Raises:
        NotYours, Stale, StepRefused: it is another unit's, has changed, or is signed for.
    """
    with transaction():
        row = workable(actor, request_id)
        take(row, Step.SIGN, version, signed_at=clock.now())
        done(actor, request_id, Step.SIGN)
    return show(actor, request_id)


def claim(actor: Actor, request_id: UUID) -> RequestView:
    """Take a request; of any number who try at the same instant one succeeds.

    A worker who has it already gets it again, so that a lost answer harms nobody.

    Raises:
        NotFound, NotYours: the request is out of sight, or another unit's to handle.
        AlreadyClaimed: somebody else was first.
        AtCapacity: the worker holds as many as they may.
        StepRefused: it is settled or withdrawn.
    """
    row = workable(actor, request_id)
    most = _most(actor)
    about = {
        "id": request_id,
        "me": actor.account_id,
        "grid": row.grid_code,
        "department": row.department_code,
        "most": most,
        "rung_at": running.next_rung_at(State.CLAIMED, row.rung, row.deadline_at, None),
    }
    with transaction():
        if most is not None:
            write(TURN, {"holder": actor.account_id})
        if write(CLAIM, about):
            done(actor, request_id, Step.CLAIM)
            return show(actor, request_id)
        now = seen(actor, request_id)
        if (now.grid_code, now.department_code) != (row.grid_code, row.department_code):
            return claim(actor, request_id)  # it moved meanwhile: whose it is now decides
        if now.state == State.CLAIMED and holds(actor, now):
            return show(actor, request_id)
        if now.state != State.CLAIMED:
            step(standing_of(now), Step.CLAIM)
            raise AtCapacity(most=most)
        raise AlreadyClaimed


def release(actor: Actor, request_id: UUID, version: int, reason: str) -> RequestView:
    """Give a claimed request back, with the reason.

    Raises:
        NotYours, Stale, StepRefused: it is not the actor's, has changed, or is not claimed.
    """
    with transaction():
        row = claimed(actor, request_id, Step.RELEASE)
        free = running.unclaimed(row)
        take(row, Step.RELEASE, version, claimed_by=None, **free["columns"])
        done(actor, request_id, Step.RELEASE, reason, **free["facts"])
    return show(actor, request_id)


def contact(actor: Actor, request_id: UUID, version: int, note: str) -> RequestView:
    """Note that the filer was reached; the first time is kept (首次联系).

    Raises:
        NotYours, Stale, StepRefused: it is not the actor's, has changed, or is not claimed.
    """
    with transaction():
        row = claimed(actor, request_id, Step.CONTACT)
        take(row, Step.CONTACT, version, contacted_at=row.contacted_at or clock.now())
        done(actor, request_id, Step.CONTACT, note)
    return show(actor, request_id)


def workable(actor: Actor, request_id: UUID) -> Any:
    """Return a request that the actor may work on.

    Raises:
        NotFound, NotYours: it is out of sight, or another unit's.
    """
    row = seen(actor, request_id)
    if not may_work(actor, row):
        raise NotYours
    return row


def _most(actor: Actor) -> int | None:
    grants = [(str(each.role), each.area_code, each.department_code) for each in actor.grants]
    return capacity_of(registers.capacities.get(), grants, clock.today())
