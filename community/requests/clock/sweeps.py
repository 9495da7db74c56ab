"""Deadlines reckoned again when a calendar is published or the limits of a matter change.

Set-based, a batch a deed, and repeatable: a case whose deadline comes out the same only notes the
calendar that it was reckoned on. One that moves gets an entry in its timeline.
"""

import time
from datetime import datetime
from typing import Any

from app.areas.service import working_calendar
from app.calendar.deadlines import LimitUnit
from app.database import FIRST_ID, together, transaction, write
from app.worker import Sweep
from community.catalogue.service import matters_of_today
from community.requests.clock.beside import reckon_beside
from community.requests.clock.plain import facts_of
from community.requests.clock.reckoning import Terms, reckon
from community.requests.clock.running import UNCLAIMED, claim_due, next_rung_at, terms_of
from community.requests.events import done
from community.requests.lifecycle import State, Step
from community.requests.models import OPEN_STATES
from community.rules import registers
from community.rules.stages import Stage

BATCH = 500
LOOK_AGAIN = 600.0  # seconds: what was locked, or filed by a process that had not heard yet

# The rule for many that ``community.rules.deciding.limit_of`` is for one; a test holds both.
CHANGED = f"""
SELECT r.id, r.state, r.clock_from, r.limit_count, r.limit_unit, r.extra_count, r.extra_unit,
       r.paused_seconds, r.deadline_at, r.deadline_provisional, r.rung, r.claim_due_at,
       r.claim_from, c.count AS claim_count, c.unit AS claim_unit,
       coalesce(l.count, m.limit_count, r.limit_count) AS count,
       coalesce(l.unit, m.limit_unit, r.limit_unit) AS unit,
       coalesce(l.pausable, false) AS pausable
FROM service_request r
LEFT JOIN matter m ON m.code = r.matter_code
LEFT JOIN LATERAL (
  SELECT x.count, x.unit, x.pausable FROM matter_limit x,
    LATERAL (SELECT (r.clock_from AT TIME ZONE 'Asia/Shanghai')::date) AS d(day)
  WHERE x.stage = r.limit_stage AND (x.matter_code = r.matter_code OR x.matter_code IS NULL)
    AND x.valid_from <= d.day AND (x.valid_to IS NULL OR x.valid_to > d.day)
  ORDER BY x.matter_code IS NOT NULL DESC, x.valid_from DESC, x.sid DESC LIMIT 1) l ON true
LEFT JOIN LATERAL (
  SELECT x.count, x.unit FROM matter_limit x,
    LATERAL (SELECT (r.claim_from AT TIME ZONE 'Asia/Shanghai')::date) AS d(day)
  WHERE x.stage = 'claim' AND (x.matter_code = r.matter_code OR x.matter_code IS NULL)
    AND x.valid_from <= d.day AND (x.valid_to IS NULL OR x.valid_to > d.day)
  ORDER BY x.matter_code IS NOT NULL DESC, x.valid_from DESC, x.sid DESC LIMIT 1) c ON true
WHERE r.{OPEN_STATES} AND r.clock_from IS NOT NULL AND r.paused_at IS NULL AND r.id > %(after)s
  AND (r.calendar_version <> %(calendar)s OR (r.limit_count, r.limit_unit, r.pausable)
    IS DISTINCT FROM (coalesce(l.count, m.limit_count, r.limit_count),
                      coalesce(l.unit, m.limit_unit, r.limit_unit), coalesce(l.pausable, false))
    OR r.claim_from IS NOT NULL AND (r.claim_count, r.claim_unit) IS DISTINCT FROM
      (c.count, c.unit))
ORDER BY r.id LIMIT %(batch)s FOR UPDATE OF r SKIP LOCKED
"""  # noqa: S608  constants of ours

RECKONED = """
UPDATE service_request r SET deadline_at = v.due, deadline_provisional = v.provisional,
  limit_count = v.count, limit_unit = v.unit, pausable = v.pausable,
  calendar_version = %(calendar)s, next_rung_at = v.rung_at,
  claim_due_at = v.claim_due, claim_count = v.claim_count, claim_unit = v.claim_unit,
  version = r.version + (r.deadline_at <> v.due)::int
FROM unnest(%(ids)s::uuid[], %(dues)s::timestamptz[], %(provisional)s::boolean[],
  %(counts)s::int[], %(units)s::text[], %(pausable)s::boolean[], %(rungs)s::timestamptz[],
  %(claim_dues)s::timestamptz[], %(claim_counts)s::int[], %(claim_units)s::text[])
  AS v(id, due, provisional, count, unit, pausable, rung_at, claim_due, claim_count, claim_unit)
WHERE r.id = v.id
"""

_complete: dict[str, Any] = {"for": None, "at": 0.0}


def reckon_again() -> int:
    """Reckon all running clocks that the present calendar or limits may have moved.

    Returns how many moved. It may be repeated, by several workers at once, and go on where one
    died; a clock that stands still is reckoned when it runs again.
    """
    about: dict[str, Any] = {"after": FIRST_ID, "batch": BATCH}
    moved = reckon_beside(BATCH)
    while True:
        with transaction():
            calendar = working_calendar.get()
            rows = write(CHANGED, {**about, "calendar": calendar.version})
            moved += _reckon(rows)
        if len(rows) < BATCH:
            return moved
        about["after"] = rows[-1].id


def _reckon(rows: list[Any]) -> int:
    if not rows:
        return 0
    calendar = working_calendar.get()
    values: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, dict[str, Any]]] = []
    for row in rows:
        terms = terms_of(row, limit_count=row.count, limit_unit=row.unit)
        due, claim = reckon(terms, calendar), _claim_due(row)
        rung_at = next_rung_at(State(row.state), row.rung, due.due_at, claim)
        values.append((row, due, rung_at, claim))
        if due.due_at != row.deadline_at:
            was = row.deadline_at.isoformat()
            entries.append((row, {"was": was, "clock": facts_of(terms, due, calendar)}))
        if State(row.state) in UNCLAIMED and claim and claim != row.claim_due_at:
            entries.append((row, _claim_facts(row)))
    write(RECKONED, _columns(values) | {"calendar": calendar.version})
    with together():
        for row, facts in entries:
            done(None, row.id, Step.RECKON, **facts)
    return len({row.id for row, _ in entries})


def _claim_due(row: Any) -> datetime | None:
    """Return until when a case should be claimed; one from before this was kept stays as it is."""
    if row.claim_from is None:
        kept: datetime | None = row.claim_due_at
        return kept
    if row.claim_count is None:
        return None
    return claim_due(row.claim_from, row.claim_count, row.claim_unit)


def _claim_facts(row: Any) -> dict[str, Any]:
    terms = Terms(row.claim_from, row.claim_count, LimitUnit(row.claim_unit))
    calendar = working_calendar.get()
    was = row.claim_due_at and row.claim_due_at.isoformat()
    facts = facts_of(terms, reckon(terms, calendar), calendar)
    return {"of": str(Stage.CLAIM), "was": was, "clock": facts}


def _columns(values: list[tuple[Any, ...]]) -> dict[str, Any]:
    return {
        "ids": [row.id for row, *_ in values],
        "dues": [due.due_at for _, due, *_ in values],
        "provisional": [due.provisional for _, due, *_ in values],
        "counts": [row.count for row, *_ in values],
        "units": [str(LimitUnit(row.unit)) for row, *_ in values],
        "pausable": [row.pausable for row, *_ in values],
        "rungs": [rung_at for _, _, rung_at, _ in values],
        "claim_dues": [claim for *_, claim in values],
        "claim_counts": [row.claim_count for row, *_ in values],
        "claim_units": [row.claim_unit for row, *_ in values],
    }


def _of_catalogue() -> list[tuple[Any, ...]]:
    """Return the limits that count where the rules have none."""
    matters = matters_of_today.get().values()
    return [(each.code, each.limit_count, each.limit_unit) for each in matters]


def _sweep() -> int:
    """Look at all open cases when something changed, and every ten minutes all the same."""
    now = (working_calendar.get().version, repr(registers.limits.get()), _of_catalogue())
    if _complete["for"] == now and time.monotonic() - _complete["at"] < LOOK_AGAIN:
        return 0
    reckon_again()
    _complete.update({"for": now, "at": time.monotonic()})
    return 0


RECKONING = Sweep("deadlines reckoned again", _sweep, every=15)
