"""A case that is worked again: a new round with a new deadline, and supervised from the second."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app import clock
from app.database import write
from community.requests.clock import running
from community.requests.clock.matters import matter_of
from community.requests.events import done
from community.requests.lifecycle import State, Step
from community.requests.steps_taken import leave_master
from community.rules import registers
from community.rules.stages import Base, Stage, Tells

FIRST_ROUND = 1

CLIMB = """
INSERT INTO request_rung (request_id, round, rung, base, tells, at)
VALUES (%(id)s, %(round)s, %(rung)s, %(base)s, %(tells)s, %(now)s)
"""


def worked_again(row: Any, state: State) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns of a case in its next round, and what the timeline keeps of its clock.

    One that had settled with a master goes on by itself.
    """
    now = clock.now()
    begun = running.begin(matter_of(row), Stage.REWORK, now, state)
    changes: dict[str, Any] = {
        **begun.columns,
        "round": row.round + 1,
        "settled_at": None,
        "result": None,
        "planned_for": None,
        "reopen_until": None,
        **leave_master(row),
    }
    if row.round > FIRST_ROUND:
        changes |= _supervised(row.id, changes, state, now)
    return changes, {"clock": begun.facts, "round": row.round + 1}


def _supervised(
    request_id: UUID, changes: dict[str, Any], state: State, now: datetime
) -> dict[str, Any]:
    """Let a case that failed twice begin where staff are told: no silent closure (督办)."""
    ladder = registers.valid(registers.rungs, clock.today())
    rung = next(
        (row for row in ladder if row.base == Base.DEADLINE and row.tells == Tells.STAFF), None
    )
    if rung is None:
        return {}
    about = {"id": request_id, "round": changes["round"], "rung": rung.rung, "now": now}
    write(CLIMB, {**about, "base": rung.base, "tells": rung.tells})
    facts = {"rung": rung.rung, "base": rung.base, "tells": rung.tells}
    done(None, request_id, Step.SUPERVISE, **facts, name=rung.name, name_en=rung.name_en)
    due, claim_due = changes["deadline_at"], changes["claim_due_at"]
    at = running.next_rung_at(state, rung.rung, due, claim_due)
    return {"rung": rung.rung, "next_rung_at": at}
