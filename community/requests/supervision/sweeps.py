"""The ladder (提醒, 催办, 督办, 挂牌, 约谈): what is due or overdue climbs it, the oldest first.

A case is looked at when its next rung is due (``next_rung_at``), a batch a deed. Two workers never
hold one case, and the books take each rung of a round once, so that none is climbed twice. Nobody's
step is stale for it: a reminder changes nothing that others judge by.
"""

from typing import Any

from app import clock
from app.database import together, transaction, write
from app.worker import Sweep
from community.requests.clock.ladder import NextRung
from community.requests.clock.running import rung_after
from community.requests.lifecycle import State
from community.requests.models import OPEN_STATES
from community.requests.supervision.beside import climb_beside
from community.requests.supervision.climbing import planned
from community.requests.supervision.telling import told

BATCH = 500
AT_MOST = 100  # batches a sweep: 50,000 cases, then the other sweeps have their turn

DUE = f"""
SELECT r.id, r.number, r.state, r.round, r.rung, r.deadline_at, r.claim_due_at, r.department_code
FROM service_request r WHERE r.next_rung_at <= %(now)s AND r.{OPEN_STATES}
ORDER BY r.next_rung_at, r.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""  # noqa: S608  constants of ours

CLIMB = """
INSERT INTO request_rung (request_id, round, rung, base, tells, at)
SELECT v.id, v.round, v.rung, v.base, v.tells, %(now)s
FROM unnest(%(ids)s::uuid[], %(rounds)s::smallint[], %(rungs)s::smallint[], %(bases)s::text[],
  %(tells)s::text[]) AS v(id, round, rung, base, tells)
ORDER BY v.id ON CONFLICT DO NOTHING RETURNING request_id
"""

NOTE = """
UPDATE service_request r SET rung = v.rung, next_rung_at = v.next
FROM unnest(%(ids)s::uuid[], %(rungs)s::smallint[], %(nexts)s::timestamptz[]) AS v(id, rung, next)
WHERE r.id = v.id
"""


def climb_ladder() -> int:
    """Let every case climb the rung that is due, the oldest first; return how many climbed."""
    climbed = 0
    for _ in range(AT_MOST):
        with transaction():
            rows = write(DUE, {"now": clock.now(), "batch": BATCH})
            climbed += _climb(rows)
        if len(rows) < BATCH:
            break
    return climbed


def _climb(rows: list[Any]) -> int:
    if not rows:
        return 0
    now = clock.now()
    climbing, looked = planned(rows, _next, now)
    fresh = _booked(climbing, now)
    about = {
        "ids": [row.id for row, _, _ in looked],
        "rungs": [rung for _, rung, _ in looked],
        "nexts": [at for *_, at in looked],
    }
    write(NOTE, about)
    with together():
        for row, found in climbing:
            if row.id in fresh:
                told(row, found, row.deadline_at)
    return len(fresh)


def _next(row: Any, rung: int) -> NextRung | None:
    return rung_after(State(row.state), rung, row.deadline_at, row.claim_due_at)


def _booked(climbing: list[tuple[Any, Any]], now: Any) -> set[Any]:
    """Write the rungs into the books; return the cases for which they were new."""
    if not climbing:
        return set()
    about = {
        "ids": [row.id for row, _ in climbing],
        "rounds": [row.round for row, _ in climbing],
        "rungs": [found.rung for _, found in climbing],
        "bases": [found.row.base for _, found in climbing],
        "tells": [found.row.tells for _, found in climbing],
        "now": now,
    }
    return {row.request_id for row in write(CLIMB, about)}


def _sweep() -> int:
    climb_ladder()
    climb_beside(BATCH, AT_MOST)
    return 0  # what is left is due later, or in another worker's hands


LADDER = Sweep("the ladder of supervision", _sweep, every=30)
