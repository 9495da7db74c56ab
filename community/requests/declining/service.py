"""Not taking a case (不予受理): by a reason of the district's list, in time, and told in full."""

from typing import Any
from uuid import UUID

from app import clock
from app.calendar.deadlines import LimitUnit
from app.database import transaction, write
from app.policy import Actor
from community.requests.clock import running
from community.requests.events import done, tell_district
from community.requests.lifecycle import Step, step
from community.requests.policy import is_staff_of
from community.requests.refusals import NotYours, ReasonUnknown, WindowClosed
from community.requests.steps_taken import seen, standing_of, take
from community.requests.view import RequestView, show
from community.rules import registers
from community.rules.deciding import Limit
from community.rules.stages import Stage

WITHIN = Limit(15, LimitUnit.CALENDAR_DAYS, "信访工作条例 (2022)")
CONTESTING = Limit(30, LimitUnit.CALENDAR_DAYS, "信访工作条例 (2022) 第三十五条")
"""The terms for declining and for objecting where the district has not said otherwise."""

DECLINE = """
INSERT INTO request_decline (request_id, reason_code, declined_by, declined_at)
VALUES (%(id)s, %(reason)s, %(me)s, %(now)s)
"""


def decline(actor: Actor, request_id: UUID, version: int, reason: str, note: str) -> RequestView:
    """Decline a case that nobody has begun to handle; the filer reads why and where to turn.

    Raises:
        NotYours: the case lies outside the actor's area.
        ReasonUnknown: the district's list has no such reason today.
        WindowClosed: the term for saying so is over: it is taken (逾期视为受理).
        Stale, StepRefused: it has changed, is being handled, or was taken already.
    """
    now = clock.now()
    with transaction():
        row = seen(actor, request_id)
        if not is_staff_of(actor, row):
            raise NotYours
        step(standing_of(row), Step.DECLINE)
        until = running.due_of(row.matter_code, Stage.ACCEPT, row.filed_at, WITHIN).due_at
        if now >= until:
            raise WindowClosed(until=until.isoformat())
        listed = _listed(reason)
        over = running.due_of(row.matter_code, Stage.CONTEST, now, CONTESTING).due_at
        stopped = {"next_rung_at": None, "claim_due_at": None, "rung": 0}
        take(row, Step.DECLINE, version, declining="declined", reopen_until=over, **stopped)
        write(DECLINE, {"id": request_id, "reason": reason, "me": actor.account_id, "now": now})
        done(actor, request_id, Step.DECLINE, note, **listed, contest_until=over.isoformat())
        told = {"number": row.number, "reason": reason, "declined_at": now}
        tell_district("request-declined", request_id, told)
    return show(actor, request_id)


def _listed(code: str) -> dict[str, Any]:
    """Return what the timeline keeps of a reason: it is told as it was on that day."""
    for row in registers.valid(registers.not_accepted, clock.today()):
        if row.code == code:
            return {
                "reason": row.code,
                "name": row.name,
                "name_en": row.name_en,
                "told": row.told,
                "told_en": row.told_en,
                "phone": row.phone,
                "department": row.department_code,
                "basis": row.legal_basis,
            }
    raise ReasonUnknown
