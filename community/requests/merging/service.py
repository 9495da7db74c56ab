"""Merging (并案): a case goes on in its master, keeps its own, and can be taken out again.

A member keeps its number, followers, photos, timeline and rating. There are no chains and no
circles: a master is nobody's member, a member is nobody's master. Both rows are locked in the
order of their ids, so that two who merge them into each other at once do not both succeed.
"""

from typing import Any
from uuid import UUID

from app.database import transaction, write
from app.errors import Stale
from app.policy import Actor
from community.requests.clock import running
from community.requests.events import done, tell_district
from community.requests.lifecycle import OPEN, State, Step, step
from community.requests.policy import about_whom, is_staff_of, may_work
from community.requests.refusals import MergeRefused, NotYours
from community.requests.steps_taken import leave_master, seen, standing_of, take
from community.requests.view import RequestView, show

LOCK = "SELECT id FROM service_request WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE"
TAKEN_IN = """
UPDATE service_request SET members = members + 1, version = version + 1 WHERE id = %(id)s
"""


def merge(actor: Actor, request_id: UUID, version: int, into: UUID, reason: str) -> RequestView:
    """Let a case go on in another about the same thing; whoever filed it is told and sees it.

    Raises:
        NotFound, NotYours: one of them is out of sight, or not the actor's to handle.
        MergeRefused: it is itself, of another matter, a member already, or over; or it complains
            about somebody about whom the other does not.
        Stale, StepRefused: it has changed, or has members of its own.
    """
    if request_id == into:
        raise MergeRefused(why="itself")
    with transaction():
        write(LOCK, {"ids": [request_id, into]})
        row, master = _theirs(actor, request_id), _theirs(actor, into)
        if master.master_id is not None or master.state == State.MERGED:
            raise MergeRefused(why="chain")
        if master.state not in OPEN:
            raise MergeRefused(why="over")
        if master.matter_code != row.matter_code:
            raise MergeRefused(why="matter")
        if about_whom(master) != about_whom(row):
            raise MergeRefused(why="complaint")  # or the one would lead to the other's unit
        take(row, Step.MERGE, version, master_id=into, next_rung_at=None)
        write(TAKEN_IN, {"id": into})
        done(actor, request_id, Step.MERGE, reason, master=master.number)
        done(actor, into, "take-in", member=row.number)
        told = {"number": row.number, "master": master.number}
        tell_district("request-merged", request_id, told)
    return show(actor, request_id)


def unmerge(actor: Actor, request_id: UUID, version: int, reason: str) -> RequestView:
    """Take a case out of its master: it goes on by itself, with the deadline that it had.

    Raises:
        NotFound, NotYours: it is out of sight, or not the actor's to handle.
        Stale, StepRefused: it has changed, or is no member.
    """
    with transaction():
        before = seen(actor, request_id)
        step(standing_of(before), Step.UNMERGE)
        write(LOCK, {"ids": [request_id, before.master_id]})
        row = _theirs(actor, request_id)
        if row.version != before.version:
            raise Stale(seen=version, current=row.version)
        run_on = running.resumed(row, State.DISPATCHED)
        claim = running.claim_clock(row.matter_code, row.clock_from)
        due = claim["claim_due_at"]
        at = running.next_rung_at(State.DISPATCHED, row.rung, row.deadline_at, due)
        own: dict[str, Any] = {**claim, "claimed_by": None, "next_rung_at": at}
        take(row, Step.UNMERGE, version, **(own | run_on["columns"] | leave_master(row)))
        done(actor, request_id, Step.UNMERGE, reason, **run_on["facts"])
        done(actor, before.master_id, "let-out", member=row.number)
        tell_district("request-unmerged", request_id, {"number": row.number})
    return show(actor, request_id)


def _theirs(actor: Actor, request_id: UUID) -> Any:
    row = seen(actor, request_id)
    if not is_staff_of(actor, row) and not may_work(actor, row):
        raise NotYours
    return row
