"""A unit says that a case is not its duty (退单); district staff decide, and then it is final.

The clock runs on all the while: it began at dispatch and no objection stops it. Until the objection
is upheld the first receiver leads (首接负责).
"""

from typing import Any
from uuid import UUID

from app import clock
from app.calendar.deadlines import LimitUnit
from app.database import Page, transaction, write
from app.policy import Actor
from app.privacy import vault
from community.requests.clock import running
from community.requests.dispatch.choosing import clause_of, document, unit_named
from community.requests.events import done
from community.requests.handling.service import workable
from community.requests.lifecycle import Step, step
from community.requests.policy import SEEN_BY, is_staff_of, seen_by
from community.requests.refusals import NotYours, WindowClosed
from community.requests.steps_taken import seen, standing_of, take
from community.requests.urgent import urgent_first
from community.requests.view import RequestView, show
from community.rules.deciding import Limit
from community.rules.stages import Stage

REASON = "request_objection.reason"
WINDOW = Limit(1, LimitUnit.WORKING_DAYS, "")
"""The window for objecting where the district has not said otherwise."""

OBJECT = """
INSERT INTO request_objection (request_id, department_code, clause_code, proposed_code,
  reason_sealed, asked_by, asked_at, limit_count, limit_unit, due_at, provisional, calendar_version)
VALUES (%(id)s, %(department)s, %(clause)s, %(proposed)s, %(reason)s, %(me)s, %(now)s,
  %(limit_count)s, %(limit_unit)s, %(due_at)s, %(provisional)s, %(calendar_version)s)
"""
DECIDE = """
UPDATE request_objection SET decision = %(decision)s, decided_by = %(me)s, decided_at = %(now)s
WHERE request_id = %(id)s RETURNING proposed_code, clause_code
"""
OPEN = f"""
SELECT o.request_id, r.number, r.matter_code, o.department_code, o.clause_code, o.proposed_code,
  o.reason_sealed, o.asked_at, o.due_at, r.version
FROM request_objection o JOIN service_request r ON r.id = o.request_id
WHERE o.decided_at IS NULL AND {SEEN_BY}
  AND (o.due_at, o.request_id) > (%(due)s::timestamptz, %(after)s::uuid)
ORDER BY o.due_at, o.request_id LIMIT %(limit)s
"""  # noqa: S608  constants of ours


def object_to(
    actor: Actor, request_id: UUID, version: int, clause: str, propose: str, reason: str
) -> RequestView:
    """Object to a case: with the clause that makes it the duty of the unit proposed.

    Raises:
        NotYours, Stale: it is another unit's, or has changed.
        StepRefused: it is claimed, or its unit is final.
        WindowClosed: the window for objecting is over.
        ClauseUnknown, UnitUnknown: no such clause of that unit, or no such unit.
    """
    now = clock.now()
    with transaction():
        row = workable(actor, request_id)
        step(standing_of(row), Step.OBJECT)
        until = running.due_of(row.matter_code, Stage.OBJECT, row.clock_from, WINDOW).due_at
        if now >= until:
            raise WindowClosed(until=until.isoformat())
        unit_named(row, propose)
        clause_of(clause, propose)
        usual = running.USUAL[Stage.ADJUDICATE]
        due = running.term(row.matter_code, Stage.ADJUDICATE, now, usual)
        take(row, Step.OBJECT, version)
        about = {"id": request_id, "department": row.department_code, "me": actor.account_id}
        sealed = vault.seal_about(REASON, request_id, reason, row.account_id)
        asked = {"clause": clause, "proposed": propose, "reason": sealed, "now": now}
        write(OBJECT, about | asked | due.columns)
        facts = {"clause": clause, "proposed": propose, "decide_by": due.facts["due"]}
        done(actor, request_id, Step.OBJECT, reason, **facts)
    return show(actor, request_id)


def adjudicate(
    actor: Actor,
    request_id: UUID,
    version: int,
    decision: str,
    note: str,
    department: str | None = None,
) -> RequestView:
    """Uphold an objection, to the unit proposed or another, or reject it; either way it is final.

    Raises:
        NotYours: the case lies outside the actor's area.
        UnitUnknown: there is no such department, or it has the case already.
        Stale, StepRefused: it has changed, or nobody objects.
    """
    upheld = decision == "uphold"
    wanted = Step.UPHOLD if upheld else Step.REJECT
    with transaction():
        row = seen(actor, request_id)
        if not is_staff_of(actor, row):
            raise NotYours
        step(standing_of(row), wanted)
        about = {"id": request_id, "decision": decision, "me": actor.account_id}
        asked = write(DECIDE, {**about, "now": clock.now()})[0]
        changes: dict[str, Any] = {"unit_final": True}
        facts: dict[str, Any] = {}
        if upheld:
            to = department or asked.proposed_code
            unit_named(row, to)
            facts = {"from": row.department_code, "department": to}
            clause = asked.clause_code if to == asked.proposed_code else None
            changes |= moved_to(row, to, "objection", clause) | running.unclaimed(row)["columns"]
        take(row, wanted, version, **changes)
        done(actor, request_id, wanted, note, **facts)
    return show(actor, request_id)


def moved_to(row: Any, department: str, by: str, clause: str | None) -> dict[str, Any]:
    """Return the columns of a case that goes to a department, by whose word."""
    why = {**(row.why or {}), "by": by, "clause": clause, "rule": None, "version": None}
    return {
        "department_code": department,
        "handled_by": "department",
        "claimed_by": None,
        "first_department": row.first_department or department,
        "why": document(why),
    }


def open_objections(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return the objections to decide, the most urgent first."""
    page = urgent_first("objections", OPEN, seen_by(actor), cursor, limit)
    return Page([_reasoned(row) for row in page.items], page.next)


def _reasoned(row: Any) -> dict[str, Any]:
    reason = vault.opened(REASON, row.request_id, row.reason_sealed)
    return {**row._asdict(), "reason": reason}
