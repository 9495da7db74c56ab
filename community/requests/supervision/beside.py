"""What is overdue beside a case: a helper's answer, an objection, a return visit, a review.

A case that waits for one of these may stand on no ladder of its own. Each climbs the rungs that
count from ``beside``, every kind the oldest first, whatever becomes of the case meanwhile.
"""

from typing import Any

from app import clock
from app.areas.service import working_calendar
from app.database import together, transaction, write
from community.requests.clock.beside import CLOCKS, Beside, of_kind
from community.requests.clock.ladder import NextRung, next_rung
from community.requests.supervision.climbing import planned
from community.requests.supervision.telling import told
from community.rules import registers
from community.rules.stages import Base

DUE = """
SELECT s.{key} AS key, s.request_id AS id, s.rung, s.due_at, r.number, r.department_code
FROM {table} s JOIN service_request r ON r.id = s.request_id
WHERE {running} AND coalesce(s.next_rung_at, s.due_at) <= %(now)s AND s.rung < %(top)s
ORDER BY coalesce(s.next_rung_at, s.due_at), s.{key} LIMIT %(batch)s
FOR UPDATE OF s SKIP LOCKED
"""

CLIMBED = """
UPDATE {table} s SET rung = v.rung, next_rung_at = v.next
FROM unnest(%(keys)s::{kind}[], %(rungs)s::smallint[], %(nexts)s::timestamptz[])
  AS v(key, rung, next)
WHERE s.{key} = v.key
"""


def climb_beside(batch: int, at_most: int) -> int:
    """Let each clock beside a case climb the rung that is due; return how many climbed."""
    return sum(_climb_all(each, batch, at_most) for each in CLOCKS)


def _climb_all(kind: Beside, batch: int, at_most: int) -> int:
    climbed = 0
    for _ in range(at_most):
        ladder = registers.valid(registers.rungs, clock.today())
        top = max((row.rung for row in ladder if row.base == Base.BESIDE), default=0)
        with transaction():
            about = {"now": clock.now(), "top": top, "batch": batch}
            rows = write(of_kind(DUE, kind), about)
            climbed += _climb(kind, ladder, rows) if rows else 0
        if len(rows) < batch:
            break
    return climbed


def _climb(kind: Beside, ladder: list[Any], rows: list[Any]) -> int:
    calendar = working_calendar.get()

    def next_of(row: Any, rung: int) -> NextRung | None:
        return next_rung(ladder, rung, {Base.BESIDE: row.due_at}, calendar)

    climbing, looked = planned(rows, next_of, clock.now())
    about = {
        "keys": [row.key for row, _, _ in looked],
        "rungs": [rung for _, rung, _ in looked],
        "nexts": [at for *_, at in looked],
    }
    write(of_kind(CLIMBED, kind), about)
    with together():
        for row, found in climbing:
            told(row, found, row.due_at, of=str(kind.stage))
    return len(climbing)
