"""What follows for open requests when a grid ends or its border shifts (撤并, 拆分, 边界调整).

An open request goes to the grid that took over at its place; its deadline stays, whoever filed it
reads it in the timeline, and its version grows, so that a step judged by the old grid is refused
as stale. Closed requests keep the grid that settled them. Nobody's rights move with it: a grid
worker who had it and has no grant where it is now must give it back, or nobody could settle it. Its
limit for claiming begins then, and a clock that stood still runs on.
"""

from datetime import datetime, time
from typing import Any

from app import clock
from app.areas.changes import Takeover, Takeovers, takeovers_of_today
from app.database import FIRST_ID, together, transaction, write
from app.identity.grants import held_by
from app.worker import Sweep
from community.requests.clock import running
from community.requests.events import done
from community.requests.lifecycle import State, Step, step
from community.requests.models import OPEN_STATES
from community.requests.policy import WORK_AREA
from community.requests.steps_taken import put

BATCH = 200
MOVED = Step.MOVE

# Where only a border shifts, what was filed from that day on was dispatched by the new outline.
CONCERNED = f"""
SELECT r.id, r.grid_code, r.lng, r.lat FROM service_request r
JOIN unnest(%(codes)s::text[], %(before)s::timestamptz[]) AS c(code, before)
  ON c.code = r.grid_code
WHERE r.{OPEN_STATES} AND (c.before IS NULL OR r.filed_at < c.before) AND r.id > %(after)s::uuid
ORDER BY r.id LIMIT %(batch)s FOR UPDATE OF r SKIP LOCKED
"""  # noqa: S608  constants of ours

# A department's handler keeps what they hold: their right never hung on the grid.
MOVE = f"""
WITH moved AS (
  SELECT v.*, r.state = ANY(%(held)s) AND r.handled_by = 'grid' AND NOT EXISTS (
      SELECT FROM ({held_by("r.claimed_by")}) g JOIN area h ON h.code = v.heir
      WHERE g.role = ANY(%(roles)s) AND g.area_code = ANY(h.path)
    ) AS given_back
  FROM unnest(%(ids)s::uuid[], %(heirs)s::text[], %(near_edge)s::boolean[])
    AS v(id, heir, near_edge) JOIN service_request r USING (id))
UPDATE service_request r SET grid_code = m.heir, version = r.version + 1,
  near_edge = coalesce(m.near_edge, r.near_edge),
  state = CASE WHEN m.given_back THEN %(dispatched)s ELSE r.state END,
  claimed_by = CASE WHEN m.given_back THEN NULL ELSE r.claimed_by END
FROM moved m WHERE r.id = m.id RETURNING r.*, m.given_back
"""  # noqa: S608  constants of ours


def move_requests() -> int:
    """Give open requests to the grids that took over, a batch a deed; return how many moved.

    It may be repeated, by several workers at once, and go on where one died.
    """
    found = takeovers_of_today()
    about: dict[str, Any] = {
        "codes": list(found.by_code),
        "before": [_before(each) for each in found.by_code.values()],
        "after": FIRST_ID,
        "batch": BATCH,
    }
    moved = 0
    while about["codes"]:
        with transaction():
            rows = write(CONCERNED, about)
            moved += _move(found, rows)
        if len(rows) < BATCH:
            break
        about["after"] = rows[-1].id
    return moved


def _before(takeover: Takeover) -> datetime | None:
    """Return the moment from which on the new border decided already; None where there is none."""
    if takeover.ended:
        return None
    return datetime.combine(takeover.since, time(), clock.SHANGHAI)


def _move(found: Takeovers, rows: list[Any]) -> int:
    going = {}
    for row in rows:
        heir, near_edge = _heir(found, row)
        if heir and heir != row.grid_code:
            going[row.id] = (row.grid_code, heir, near_edge)
    if not going:
        return 0
    about = {
        "ids": list(going),
        "heirs": [heir for _, heir, _ in going.values()],
        "near_edge": [near_edge for _, _, near_edge in going.values()],
        "roles": [str(role) for role in WORK_AREA],
        "today": clock.today(),
        "held": [State.CLAIMED, State.WAITING],
        "dispatched": step(State.CLAIMED, Step.RELEASE),
    }
    moved = write(MOVE, about)
    told = {row.id: _free(row) for row in moved if row.given_back}
    with together():
        for row in moved:
            old, heir, _ = going[row.id]
            since = found.by_code[old].since
            done(None, row.id, MOVED, **{"from": old, "to": heir, "on_day": since})
            if row.given_back:
                done(None, row.id, Step.RELEASE, because=str(MOVED), **told[row.id])
    return len(moved)


def _free(row: Any) -> dict[str, Any]:
    """Let the clocks of a request run that was given back; return what the timeline keeps of it."""
    free = running.unclaimed(row)
    put(row, row.version, **free["columns"])
    return free["facts"]


def _heir(found: Takeovers, row: Any) -> tuple[str | None, bool | None]:
    """Return where a request goes, and whether that is near an edge, as far as it is known."""
    there = found.heir_at(row.grid_code, row.lng, row.lat)
    if there is not None:
        return there.code, there.near_edge
    return found.sole_heir(row.grid_code), None


def _sweep_requests() -> int:
    move_requests()
    return 0  # what is left lies nowhere yet: looking again at once would not find it


AREA_CHANGES = Sweep("requests of changed areas", _sweep_requests, every=600)
