"""Deadlines reckoned again when a calendar is published or the limits of a matter change.

Set-based, a batch a deed, and repeatable: a case whose deadline comes out the same only notes the
calendar that it was reckoned on. One that moves gets an entry in its timeline.
"""

import time
from typing import Any

from app.areas.service import working_calendar
from app.calendar.deadlines import LimitUnit
from app.database import FIRST_ID, together, transaction, write
from app.worker import Sweep
from community.requests.clock.plain import facts_of
from community.requests.clock.reckoning import reckon
from community.requests.clock.running import next_rung_at, terms_of
from community.requests.events import done
from community.requests.lifecycle import State, Step
from community.requests.models import OPEN_STATES
from community.rules import registers

BATCH = 500
LOOK_AGAIN = 600.0  # seconds: what was locked, or filed by a process that had not heard yet

# The rule for many that ``community.rules.deciding.limit_of`` is for one; a test holds both.
CHANGED = f"""
SELECT r.id, r.state, r.clock_from, r.limit_count, r.limit_unit, r.extra_count, r.extra_unit,
       r.paused_seconds, r.deadline_at, r.deadline_provisional, r.rung, r.claim_due_at,
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
WHERE r.{OPEN_STATES} AND r.clock_from IS NOT NULL AND r.paused_at IS NULL AND r.id > %(after)s
  AND (r.calendar_version <> %(calendar)s OR (r.limit_count, r.limit_unit, r.pausable)
    IS DISTINCT FROM (coalesce(l.count, m.limit_count, r.limit_count),
                      coalesce(l.unit, m.limit_unit, r.limit_unit), coalesce(l.pausable, false)))
ORDER BY r.id LIMIT %(batch)s FOR UPDATE OF r SKIP LOCKED
"""  # noqa: S608  constants of ours

RECKONED = """
UPDATE service_request r SET deadline_at = v.due, deadline_provisional = v.provisional,
  limit_count = v.count, limit_unit = v.unit, pausable = v.pausable,
  calendar_version = %(calendar)s, next_rung_at = v.rung_at,
  version = r.version + (r.deadline_at <> v.due)::int
FROM unnest(%(ids)s::uuid[], %(dues)s::timestamptz[], %(provisional)s::boolean[],
  %(counts)s::int[], %(units)s::text[], %(pausable)s::boolean[], %(rungs)s::timestamptz[])
  AS v(id, due, provisional, count, unit, pausable, rung_at)
WHERE r.id = v.id
"""

_complete: dict[str, Any] = {"for": None, "at": 0.0}


def reckon_again() -> int:
    """Reckon all open deadlines that the present calendar or limits may have moved.

    Returns how many moved. It may be repeated, by several workers at once, and go on where one
    died; a clock that stands still is reckoned when it runs again.
    """
    about: dict[str, Any] = {"after": FIRST_ID, "batch": BATCH}
    moved = 0
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
    entries, values = [], []
    for row in rows:
        terms = terms_of(row, limit_count=row.count, limit_unit=row.unit)
        due = reckon(terms, calendar)
        rung_at = next_rung_at(State(row.state), row.rung, due.due_at, row.claim_due_at)
        values.append((row, due, rung_at))
        if due.due_at != row.deadline_at:
            entries.append((row, facts_of(terms, due, calendar)))
    write(
        RECKONED,
        {
            "ids": [row.id for row, _, _ in values],
            "dues": [due.due_at for _, due, _ in values],
            "provisional": [due.provisional for _, due, _ in values],
            "counts": [row.count for row, _, _ in values],
            "units": [str(LimitUnit(row.unit)) for row, _, _ in values],
            "pausable": [row.pausable for row, _, _ in values],
            "rungs": [rung_at for _, _, rung_at in values],
            "calendar": calendar.version,
        },
    )
    with together():
        for row, facts in entries:
            done(None, row.id, Step.RECKON, was=row.deadline_at.isoformat(), clock=facts)
    return len(entries)


def _sweep() -> int:
    """Look at all open cases when something changed, and every ten minutes all the same."""
    now = (working_calendar.get().version, repr(registers.limits.get()))
    if _complete["for"] == now and time.monotonic() - _complete["at"] < LOOK_AGAIN:
        return 0
    reckon_again()
    _complete.update({"for": now, "at": time.monotonic()})
    return 0


RECKONING = Sweep("deadlines reckoned again", _sweep, every=15)
