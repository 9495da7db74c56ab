"""The clock of one case: begun at dispatch, reckoned again when what it is made of changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.areas.service import working_calendar
from app.calendar.deadlines import LimitUnit
from community.requests.clock.ladder import NextRung, next_rung
from community.requests.clock.plain import facts_of
from community.requests.clock.reckoning import Terms, reckon
from community.requests.lifecycle import State
from community.rules import registers
from community.rules.deciding import Limit, limit_of
from community.rules.stages import Base, Stage

UNCLAIMED = (State.FILED, State.DISPATCHED, State.SIGNED)
RUNNING = (*UNCLAIMED, State.CLAIMED, State.OBJECTED, State.WAITING)

USUAL = {
    Stage.HELP: Limit(3, LimitUnit.WORKING_DAYS, ""),
    Stage.ADJUDICATE: Limit(1, LimitUnit.WORKING_DAYS, ""),
    Stage.VISIT: Limit(5, LimitUnit.WORKING_DAYS, ""),
    Stage.REVIEW: Limit(30, LimitUnit.CALENDAR_DAYS, "信访工作条例 (2022) 第三十五条"),
}
"""The limits of clocks beside that of a case where the district has not said otherwise."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The columns that a clock sets on its case, and what the timeline keeps of it."""

    columns: dict[str, Any]
    facts: dict[str, Any]


def limit_for(matter: Any, stage: Stage, at: datetime) -> tuple[Stage, Limit]:
    """Return the limit of a stage on the day of ``at``, and the stage that it was found under.

    Working a case again without a limit of its own takes that of settling, which is the matter's
    own where no dated one is in force.
    """
    day, rows = at.astimezone(clock.SHANGHAI).date(), registers.limits.get()
    for each in (stage, Stage.SETTLE) if stage == Stage.REWORK else (stage,):
        found = limit_of(rows, matter.code, each, day)
        if found:
            return each, found
    unit = LimitUnit(matter.limit_unit)
    return Stage.SETTLE, Limit(matter.limit_count, unit, matter.legal_basis)


def due_of(matter_code: str, stage: Stage, at: datetime, otherwise: Limit) -> Any:
    """Return the deadline of a stage beside the case itself: a window, or a term to come back."""
    return reckon(_beside(matter_code, stage, at, otherwise), working_calendar.get())


def term(matter_code: str, stage: Stage, at: datetime, otherwise: Limit) -> Clock:
    """Return a clock beside that of the case (an objection, a helper, a visit), begun at ``at``.

    It keeps what it was reckoned from, so that it can be reckoned again.
    """
    calendar = working_calendar.get()
    terms = _beside(matter_code, stage, at, otherwise)
    due = reckon(terms, calendar)
    columns = {
        "limit_count": terms.count,
        "limit_unit": str(terms.unit),
        "due_at": due.due_at,
        "provisional": due.provisional,
        "calendar_version": due.calendar_version,
    }
    return Clock(columns, facts_of(terms, due, calendar))


def _beside(matter_code: str, stage: Stage, at: datetime, otherwise: Limit) -> Terms:
    day = at.astimezone(clock.SHANGHAI).date()
    found = limit_of(registers.limits.get(), matter_code, stage, day) or otherwise
    return Terms(at, found.count, found.unit)


def begin(matter: Any, stage: Stage, at: datetime, state: State) -> Clock:
    """Return a clock that begins at a dispatch: the round's deadline, and the ladder's first rung.

    ``matter`` has code, limit_count, limit_unit and legal_basis, as the catalogue has it.
    """
    found_as, limit = limit_for(matter, stage, at)
    terms = Terms(at, limit.count, limit.unit)
    fresh: dict[str, Any] = {
        "clock_from": at,
        "limit_stage": str(found_as),
        "limit_count": limit.count,
        "limit_unit": str(limit.unit),
        "pausable": limit.pausable,
        "paused_at": None,
        "paused_seconds": 0,
        "extension": None,
        "extra_count": None,
        "extra_unit": None,
        **claim_clock(matter.code, at),
        "rung": 0,
    }
    return _with_deadline(terms, fresh, state)


def claim_clock(matter_code: str, at: datetime) -> dict[str, Any]:
    """Return the columns that say until when somebody of the unit should have claimed a case.

    They are reckoned on the calendar of the case; without such a limit they say from when only.
    """
    day = at.astimezone(clock.SHANGHAI).date()
    found = limit_of(registers.limits.get(), matter_code, Stage.CLAIM, day)
    return {
        "claim_from": at,
        "claim_count": found and found.count,
        "claim_unit": str(found.unit) if found else None,
        "claim_due_at": claim_due(at, found.count, found.unit) if found else None,
    }


def claim_due(at: datetime, count: int, unit: str) -> datetime:
    """Return until when a case should be claimed that lies there since ``at``."""
    return reckon(Terms(at, count, LimitUnit(unit)), working_calendar.get()).due_at


def terms_of(row: Any, **changed: Any) -> Terms:
    """Return what a case's deadline is made of, with some of it ``changed`` (columns by name)."""

    def now(name: str) -> Any:
        return changed.get(name, getattr(row, name))

    extra = (now("extra_count"), LimitUnit(now("extra_unit"))) if now("extra_count") else None
    unit = LimitUnit(now("limit_unit"))
    return Terms(now("clock_from"), now("limit_count"), unit, extra, now("paused_seconds"))


def again(row: Any, state: State, **changed: Any) -> Clock:
    """Return the clock of a case reckoned again, with the columns that ``changed``."""
    kept = {"claim_due_at": row.claim_due_at, "rung": row.rung, **changed}
    return _with_deadline(terms_of(row, **changed), kept, state, set(changed))


def resumed(row: Any, state: State) -> dict[str, dict[str, Any]]:
    """Return what a clock that stood still sets when it runs on, and what the timeline keeps."""
    if row.paused_at is None:
        return {"columns": {}, "facts": {}}
    stood = int((clock.now() - row.paused_at).total_seconds())
    seconds = row.paused_seconds + max(stood, 0)
    ahead = again(row, state, paused_seconds=seconds)
    return {"columns": {**ahead.columns, "paused_at": None}, "facts": {"clock": ahead.facts}}


def unclaimed(row: Any) -> dict[str, dict[str, Any]]:
    """Return what a case sets that nobody has any more, and what the timeline keeps of it.

    Its limit for claiming begins, and a clock that stood still runs on.
    """
    ahead, begun = resumed(row, State.DISPATCHED), claim_clock(row.matter_code, clock.now())
    due = ahead["columns"].get("deadline_at", row.deadline_at)
    at = next_rung_at(State.DISPATCHED, row.rung, due, begun["claim_due_at"])
    return {"columns": {**ahead["columns"], **begun, "next_rung_at": at}, "facts": ahead["facts"]}


def rung_after(
    state: State, rung: int, deadline_at: datetime, claim_due_at: datetime | None
) -> NextRung | None:
    """Return the next rung of a case in a state; None where it is over, or at the top."""
    if state not in RUNNING:
        return None
    bases: dict[Base, datetime | None] = {Base.DEADLINE: deadline_at}
    if state in UNCLAIMED:
        bases[Base.CLAIM] = claim_due_at
    ladder = registers.valid(registers.rungs, clock.today())
    return next_rung(ladder, rung, bases, working_calendar.get())


def next_rung_at(
    state: State, rung: int, deadline_at: datetime, claim_due_at: datetime | None
) -> datetime | None:
    """Return when the worker should look at a case again."""
    found = rung_after(state, rung, deadline_at, claim_due_at)
    return found.at if found else None


def _with_deadline(
    terms: Terms, kept: dict[str, Any], state: State, only: set[str] | None = None
) -> Clock:
    calendar = working_calendar.get()
    due = reckon(terms, calendar)
    at = next_rung_at(state, kept["rung"], due.due_at, kept["claim_due_at"])
    columns = kept if only is None else {name: kept[name] for name in only}
    columns = columns | {
        "deadline_at": due.due_at,
        "deadline_provisional": due.provisional,
        "calendar_version": due.calendar_version,
        "next_rung_at": at,
    }
    return Clock(columns, facts_of(terms, due, calendar))
