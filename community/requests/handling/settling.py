"""Settling: what came of a request, told to the filer, to those merged into it, to the district."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app import clock
from app.calendar.deadlines import LimitUnit
from app.database import together, transaction, write
from app.policy import Actor
from community.requests.clock import running
from community.requests.events import done, tell_district
from community.requests.lifecycle import Step
from community.requests.refusals import ClauseUnknown, PlanRefused
from community.requests.steps_taken import claimed, take
from community.requests.view import RequestView, show
from community.rules import registers
from community.rules.deciding import Limit
from community.rules.stages import Stage

REOPENING = Limit(30, LimitUnit.CALENDAR_DAYS, "")
"""How long the filer may come back where the district has not said otherwise."""

ALONG = """
UPDATE service_request SET state = 'settled', version = version + 1, settled_at = %(at)s,
  result = %(result)s, planned_for = %(planned)s, reopen_until = %(reopen)s,
  claimed_by = %(handler)s, department_code = %(department)s, handled_by = %(by)s
WHERE master_id = %(id)s AND state = 'merged' RETURNING id, number
"""


def settle(
    actor: Actor,
    request_id: UUID,
    version: int,
    result: str,
    note: str,
    planned_for: date | None = None,
    clause: str | None = None,
) -> RequestView:
    """Settle a claimed request with a result, and give the outcome back to the district.

    Those merged into it settle with it: each filer rates their own.

    Raises:
        NotYours, Stale: it is not the actor's, or has changed.
        StepRefused: it is not claimed, or mandatory help is outstanding.
        PlanRefused: a plan without a day in the future.
        ClauseUnknown: the duty list has no such clause.
    """
    now = clock.now()
    if planned_for is not None and planned_for <= clock.today():
        raise PlanRefused(planned_for=planned_for.isoformat())
    facts = {"result": result, **_clause(clause)}
    if planned_for:
        facts["planned_for"] = planned_for.isoformat()
    with transaction():
        row = claimed(actor, request_id, Step.SETTLE)
        outcome = {
            "settled_at": now,
            "result": result,
            "planned_for": planned_for,
            "reopen_until": _reopen_until(row.matter_code, now),
        }
        take(row, Step.SETTLE, version, **outcome, next_rung_at=None)
        done(actor, request_id, Step.SETTLE, note, **facts)
        payload: dict[str, Any] = {"number": row.number, "result": result, "settled_at": now}
        tell_district("request-settled", request_id, payload)
        if row.members:
            _along(actor, row, outcome, facts)
    return show(actor, request_id)


def _along(actor: Actor, master: Any, outcome: dict[str, Any], facts: dict[str, Any]) -> None:
    about = {
        "id": master.id,
        "at": outcome["settled_at"],
        "result": outcome["result"],
        "planned": outcome["planned_for"],
        "reopen": outcome["reopen_until"],
        "handler": master.claimed_by,
        "department": master.department_code,
        "by": master.handled_by,
    }
    members = write(ALONG, about)
    with together():
        for each in members:
            done(actor, each.id, Step.SETTLE_ALONG, master=str(master.number), **facts)
            told = {"number": each.number, "result": about["result"], "settled_at": about["at"]}
            tell_district("request-settled", each.id, told)


def _reopen_until(matter: str, at: datetime) -> datetime:
    until: datetime = running.due_of(matter, Stage.REOPEN, at, REOPENING).due_at
    return until


def _clause(code: str | None) -> dict[str, str]:
    """Return the clause and whose duty it is: not ours is told with who else's."""
    if code is None:
        return {}
    for row in registers.valid(registers.clauses, clock.today()):
        if row.code == code:
            return {"clause": code, "department": row.department_code}
    raise ClauseUnknown
