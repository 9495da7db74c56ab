"""Handing a case over to a colleague, who may hold one more (AB角)."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import read, transaction, write
from app.policy import Actor
from community.requests.events import done
from community.requests.handling.service import TURN
from community.requests.lifecycle import Step, step
from community.requests.policy import WORK_AREA, WORK_DEPARTMENT, is_staff_of
from community.requests.refusals import ColleagueAtCapacity, ColleagueUnknown, NotYours
from community.requests.steps_taken import seen, standing_of, take
from community.requests.view import RequestView, show
from community.rules import registers
from community.rules.deciding import capacity_of

HELD = """
SELECT count(*) AS n FROM service_request h
WHERE h.claimed_by = %(holder)s AND h.state IN ('claimed', 'waiting') AND h.id <> %(id)s
"""

# The rule for one other person that ``may_work`` is for the actor.
COLLEAGUE = """
SELECT g.account_id, (
  SELECT jsonb_agg(jsonb_build_array(o.role, o.area_code, o.department_code)) FROM staff_grant o
  WHERE o.account_id = g.account_id AND o.valid_from <= %(today)s
    AND (o.valid_to IS NULL OR o.valid_to > %(today)s)) AS grants
FROM staff_grant g
WHERE g.staff_sid = %(sid)s AND g.valid_from <= %(today)s
  AND (g.valid_to IS NULL OR g.valid_to > %(today)s)
  AND (%(by)s = 'grid' AND g.role = ANY(%(area_roles)s) AND g.area_code = ANY(%(path)s)
    OR %(by)s = 'department' AND g.role = ANY(%(unit_roles)s)
      AND g.department_code = %(department)s)
  AND g.account_id IS DISTINCT FROM %(against)s
"""


def hand_over(actor: Actor, request_id: UUID, version: int, to: str, reason: str) -> RequestView:
    """Give a claimed request to a colleague, named by their key in the staff register.

    Raises:
        NotYours: neither claimed by the actor nor in the area of their staff duty.
        ColleagueUnknown: that person may not work on it.
        ColleagueAtCapacity: they hold as many as they may.
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
        _room_for(found[0], request_id)
        take(row, Step.HAND_OVER, version, claimed_by=found[0].account_id)
        done(actor, request_id, Step.HAND_OVER, reason, to=to)
    return show(actor, request_id)


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


def _room_for(colleague: Any, request_id: UUID) -> None:
    """Wait for the colleague's turn, and see that they may hold one more.

    Raises:
        ColleagueAtCapacity: they may not.
    """
    most = capacity_of(registers.capacities.get(), colleague.grants, clock.today())
    if most is None:
        return
    holder = {"holder": colleague.account_id, "id": request_id}
    write(TURN, holder)
    if write(HELD, holder)[0].n >= most:
        raise ColleagueAtCapacity(most=most)
