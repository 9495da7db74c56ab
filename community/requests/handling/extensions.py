"""More time: asked for before the deadline, once, decided by whom the matter's rules name."""

from typing import Any
from uuid import UUID

from app import clock
from app.calendar.deadlines import LimitUnit
from app.database import read, transaction, write
from app.policy import Actor, Role
from community.catalogue.service import matters_of_today
from community.requests.clock import running
from community.requests.events import done, tell_district
from community.requests.lifecycle import State, Step, step
from community.requests.policy import hands_of, is_staff_of, may_work
from community.requests.refusals import ExtensionRefused, NotYours, WindowClosed
from community.requests.steps_taken import claimed, seen, standing_of, take
from community.requests.view import RequestView, show
from community.rules.stages import Stage

ASK = """
INSERT INTO request_extension
  (request_id, round, count, unit, because, granted_by, asked_by, asked_at)
VALUES (%(id)s, %(round)s, %(count)s, %(unit)s, %(because)s, %(by)s, %(me)s, %(now)s)
"""
ASKED = "SELECT * FROM request_extension WHERE request_id = %(id)s AND round = %(round)s"
DECIDE = """
UPDATE request_extension SET decision = %(decision)s, decided_by = %(me)s, decided_at = %(now)s
WHERE request_id = %(id)s AND round = %(round)s
"""


def ask(
    actor: Actor, request_id: UUID, version: int, count: int, because: str, note: str
) -> RequestView:
    """Ask for more time, in the unit that the matter's rules give.

    Raises:
        NotYours, Stale: it is not the actor's, or has changed.
        StepRefused: it is not claimed, or an extension was asked for already.
        ExtensionRefused: the rules allow none, or not one that long.
        WindowClosed: the deadline is over.
    """
    now = clock.now()
    with transaction():
        row = claimed(actor, request_id, Step.ASK_EXTENSION)
        most, unit, by = _allowed(row)
        if count > most:
            raise ExtensionRefused(most=most, unit=unit)
        if now >= row.deadline_at and row.paused_at is None:
            raise WindowClosed(until=row.deadline_at.isoformat())
        take(row, Step.ASK_EXTENSION, version, extension="asked")
        about = {"id": request_id, "round": row.round, "me": actor.account_id, "now": now}
        write(ASK, {**about, "count": count, "unit": str(unit), "because": because, "by": by})
        done(
            *(actor, request_id, Step.ASK_EXTENSION, note),
            count=count,
            unit=unit,
            because=because,
            granted_by=by,
        )
    return show(actor, request_id)


def decide(actor: Actor, request_id: UUID, version: int, decision: str, note: str) -> RequestView:
    """Grant or refuse more time; the filer reads the new deadline and the reason.

    Raises:
        NotYours: it is not for the actor to decide; nobody decides on what they asked for.
        Stale, StepRefused: it has changed, or nothing is asked for.
    """
    granted = decision == "grant"
    wanted = Step.EXTEND if granted else Step.REFUSE_EXTENSION
    with transaction():
        row = seen(actor, request_id)
        step(standing_of(row), wanted)
        asked = read(ASKED, {"id": request_id, "round": row.round})[0]
        if asked.asked_by in hands_of(actor) or not _may_decide(actor, row, asked.granted_by):
            raise NotYours
        changes: dict[str, Any] = {"extension": "granted" if granted else "refused"}
        facts: dict[str, Any] = {}
        if granted:
            extra = {"extra_count": asked.count, "extra_unit": asked.unit}
            longer = running.again(row, State(row.state), **extra)
            changes |= longer.columns
            facts = {"clock": longer.facts, "was": row.deadline_at.isoformat()}
        if row.paused_at is not None:
            changes["next_rung_at"] = None
        take(row, wanted, version, **changes)
        about = {"id": request_id, "round": row.round, "me": actor.account_id}
        write(DECIDE, {**about, "decision": decision, "now": clock.now()})
        done(actor, request_id, wanted, note, **facts)
        if granted:
            told = {"number": row.number, "deadline_at": changes["deadline_at"]}
            tell_district("request-extended", request_id, told)
    return show(actor, request_id)


def _may_decide(actor: Actor, row: Any, granted_by: str) -> bool:
    if is_staff_of(actor, row):
        return True
    unit = row.department_code in actor.departments_as(Role.DEPARTMENT_HANDLER)
    return granted_by == "unit" and (unit or may_work(actor, row))


def _allowed(row: Any) -> tuple[int, LimitUnit, str]:
    matter = matters_of_today.get().get(row.matter_code)
    if matter is None:
        raise ExtensionRefused(most=0)
    _, limit = running.limit_for(matter, Stage(row.limit_stage), row.clock_from)
    if limit.extension is None:
        raise ExtensionRefused(most=0)
    return limit.extension
