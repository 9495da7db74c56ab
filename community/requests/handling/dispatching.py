"""District staff send a case elsewhere: with a reason, or finally (指定)."""

from uuid import UUID

from app import clock
from app.database import transaction, write
from app.policy import Actor
from community.requests.clock import running
from community.requests.dispatch.choosing import unit_named
from community.requests.events import done
from community.requests.handling.objections import moved_to
from community.requests.lifecycle import State, Step, step
from community.requests.policy import is_staff_of
from community.requests.refusals import NotYours
from community.requests.steps_taken import seen, standing_of, take
from community.requests.view import RequestView, show

OVERRULED = """
UPDATE request_objection SET decision = 'designate', decided_by = %(me)s, decided_at = %(now)s
WHERE request_id = %(id)s AND decided_at IS NULL
"""


def send(
    actor: Actor,
    request_id: UUID,
    version: int,
    department: str,
    reason: str,
    final: bool = False,
) -> RequestView:
    """Send a case to a department against the rules, with the reason; ``final`` designates it.

    Raises:
        NotYours: the case lies outside the actor's area.
        UnitUnknown: there is no such department, it has the case, or is complained about.
        Stale, StepRefused: it has changed, or is over.
    """
    wanted = Step.DESIGNATE if final else Step.REDISPATCH
    with transaction():
        row = seen(actor, request_id)
        if not is_staff_of(actor, row):
            raise NotYours
        step(standing_of(row), wanted)
        if not (final and row.department_code == department):
            unit_named(row, department)
        free = running.unclaimed(row)
        changes = free["columns"] | moved_to(row, department, str(wanted), None)
        take(row, wanted, version, **changes, unit_final=row.unit_final or final)
        if row.state == State.OBJECTED:
            write(OVERRULED, {"id": request_id, "me": actor.account_id, "now": clock.now()})
        facts = {"from": row.department_code, "department": department, **free["facts"]}
        done(actor, request_id, wanted, reason, **facts)
    return show(actor, request_id)
