"""Signing, claiming, releasing, first contact and handing over; each is one conditional update."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import read, transaction, write
from app.policy import Actor
from community.requests.clock import running
from community.requests.events import done
from community.requests.lifecycle import State, Step, step
from community.requests.policy import WORK_AREA, WORK_DEPARTMENT, is_staff_of, may_work
from community.requests.refusals import AlreadyClaimed, AtCapacity, ColleagueUnknown, NotYours
from community.requests.steps_taken import claimed, seen, standing_of, take
from community.requests.view import RequestView, show
from community.rules import registers
from community.rules.deciding import capacity_of

# Whose capacity is counted takes turns with themselves, so that two claims see each other.
TURN = "SELECT pg_advisory_xact_lock(hashtextextended('capacity ' || %(me)s::text, 0))"

CLAIM = """
UPDATE service_request r SET state = 'claimed', claimed_by = %(me)s, version = version + 1,
  signed_at = coalesce(signed_at, now()), next_rung_at = %(rung_at)s
WHERE id = %(id)s AND state IN ('dispatched', 'signed') AND grid_code = %(grid)s
  AND department_code IS NOT DISTINCT FROM %(department)s
  AND (%(most)s::int IS NULL OR %(most)s > (SELECT count(*) FROM service_request h
    WHERE h.claimed_by = %(me)s AND h.state IN ('claimed', 'waiting')))
RETURNING version
"""

# The rule for one other person that ``may_work`` is for the actor.
COLLEAGUE = """
SELECT g.account_id FROM staff_grant g
WHERE g.staff_sid = %(sid)s AND g.valid_from <= %(today)s
  AND (g.valid_to IS NULL OR g.valid_to > %(today)s)
  AND (%(by)s = 'grid' AND g.role = ANY(%(area_roles)s) AND g.area_code = ANY(%(path)s)
    OR %(by)s = 'department' AND g.role = ANY(%(unit_roles)s)
      AND g.department_code = %(department)s)
  AND g.account_id IS DISTINCT FROM %(against)s
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
            write(TURN, about)
        if write(CLAIM, about):
            done(actor, request_id, Step.CLAIM)
            return show(actor, request_id)
        now = seen(actor, request_id)
        if (now.grid_code, now.department_code) != (row.grid_code, row.department_code):
            return claim(actor, request_id)  # it moved meanwhile: whose it is now decides
        if now.state == State.CLAIMED and now.claimed_by == actor.account_id:
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
        run_on = running.resumed(row, State.DISPATCHED)
        changes = run_on["columns"] | unclaimed(row)
        take(row, Step.RELEASE, version, claimed_by=None, **changes)
        done(actor, request_id, Step.RELEASE, reason, **run_on["facts"])
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


def hand_over(actor: Actor, request_id: UUID, version: int, to: str, reason: str) -> RequestView:
    """Give a claimed request to a colleague, named by their key in the staff register.

    Raises:
        NotYours: neither claimed by the actor nor in the area of their staff duty.
        ColleagueUnknown: that person may not work on it.
        Stale, StepRefused: it has changed, or is not claimed.
    """
    with transaction():
        row = seen(actor, request_id)
        step(standing_of(row), Step.HAND_OVER)
        if row.claimed_by != actor.account_id and not is_staff_of(actor, row):
            raise NotYours
        found = read(COLLEAGUE, {"sid": to, **_place(row)})
        if not found:
            raise ColleagueUnknown
        take(row, Step.HAND_OVER, version, claimed_by=found[0].account_id)
        done(actor, request_id, Step.HAND_OVER, reason, to=to)
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


def _place(row: Any) -> dict[str, Any]:
    return {
        "today": clock.today(),
        "by": row.handled_by,
        "path": row.grid_path,
        "department": row.department_code,
        "against": row.against_account,
        "area_roles": [str(role) for role in WORK_AREA],
        "unit_roles": [str(role) for role in WORK_DEPARTMENT],
    }


def _most(actor: Actor) -> int | None:
    grants = [(str(each.role), each.area_code, each.department_code) for each in actor.grants]
    return capacity_of(registers.capacities.get(), grants, clock.today())


def unclaimed(row: Any) -> dict[str, Any]:
    """Return the columns of a request that nobody has any more: its limit for claiming begins."""
    due = running.claim_due(row.matter_code, clock.now())
    at = running.next_rung_at(State.DISPATCHED, row.rung, row.deadline_at, due)
    return {"claim_due_at": due, "next_rung_at": at}
