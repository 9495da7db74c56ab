"""Handing a case over to a colleague, who may hold one more (AB角)."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import beyond, read, transaction, write
from app.identity.grants import TODAY, held_by
from app.policy import Actor
from community.requests.events import done
from community.requests.handling.service import TURN
from community.requests.lifecycle import Step, step
from community.requests.policy import WORK_AREA, WORK_DEPARTMENT, holds, is_staff_of
from community.requests.refusals import ColleagueAtCapacity, ColleagueUnknown, NotYours
from community.requests.steps_taken import seen, standing_of, take
from community.requests.view import RequestView, show
from community.rules import registers
from community.rules.deciding import capacity_of

HELD = """
SELECT count(*) AS n FROM service_request h
WHERE h.claimed_by = %(holder)s AND h.state IN ('claimed', 'waiting') AND h.id <> %(id)s
"""

# For anybody of the staff register what ``may_work`` is for the actor.
COLLEAGUE = f"""
SELECT s.account_id, held.grants FROM staff_grant s
JOIN account a ON a.id = s.account_id AND a.status = 'active' AND a.suspended_at IS NULL
CROSS JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(g.role, g.area_code, g.department_code)) AS grants,
    bool_or(%(by)s = 'grid' AND g.role = ANY(%(area_roles)s) AND g.area_code = ANY(%(path)s)
      OR %(by)s = 'department' AND g.role = ANY(%(unit_roles)s)
        AND g.department_code = %(department)s) AS works,
    bool_or(g.department_code = %(against_unit)s OR g.covering = %(against)s) AS recused
  FROM ({held_by("s.account_id")}) g) held
WHERE s.staff_sid = %(sid)s AND {TODAY.format("s")}
  AND held.works AND held.recused IS NOT TRUE AND s.account_id IS DISTINCT FROM %(against)s
LIMIT 1
"""  # noqa: S608  constants of ours


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
        if not holds(actor, row) and not is_staff_of(actor, row):
            raise NotYours
        found = colleague(row, to)
        if found is None:
            raise ColleagueUnknown
        _room_for(found, request_id)
        take(row, Step.HAND_OVER, version, claimed_by=found.account_id)
        done(actor, request_id, Step.HAND_OVER, reason, to=to)
    return show(actor, request_id)


@beyond()
def colleague(row: Any, sid: str) -> Any | None:
    """Return the account and grants of who may work on a case, by their key as staff.

    Grants that were added for a time count as the register's do, and so does cover.
    """
    about = {
        "sid": sid,
        "today": clock.today(),
        "by": row.handled_by,
        "path": row.grid_path,
        "department": row.department_code,
        "against": row.against_account,
        "against_unit": row.against_department,
        "area_roles": [str(role) for role in WORK_AREA],
        "unit_roles": [str(role) for role in WORK_DEPARTMENT],
    }
    return next(iter(read(COLLEAGUE, about)), None)


def _room_for(found: Any, request_id: UUID) -> None:
    """Wait for the colleague's turn, and see that they may hold one more.

    Raises:
        ColleagueAtCapacity: they may not.
    """
    most = capacity_of(registers.capacities.get(), found.grants, clock.today())
    if most is None:
        return
    holder = {"holder": found.account_id, "id": request_id}
    write(TURN, holder)
    if write(HELD, holder)[0].n >= most:
        raise ColleagueAtCapacity(most=most)
