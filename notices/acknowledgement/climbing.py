"""Climbing the ladder: a batch of grids in a deed, and nobody is reminded twice by one rung."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import clock
from app.database import transaction, write
from app.worker import Sweep
from notices.acknowledgement.outstanding import OUTSTANDING, OUTSTANDING_SINGLY
from notices.acknowledgement.rungs import LADDER, OWED, VISIT, due_at
from notices.audience.reached import grids_of, parameters
from notices.delivery.reminders import remind
from notices.model.lifecycle import Priority

GRIDS = 50
NEW = 100

UNPLANNED = """
SELECT n.id, n.ack_by FROM notice n
WHERE n.needs_ack AND n.state = 'published'
  AND NOT EXISTS (SELECT FROM notice_rung r WHERE r.notice_id = n.id) LIMIT %(most)s
"""
PLAN = """
INSERT INTO notice_rung (notice_id, rung, due_at) VALUES (%(id)s, %(rung)s, %(due)s)
ON CONFLICT DO NOTHING
"""
DUE = """
SELECT r.notice_id, r.rung, r.upto, n.state, n.priority, n.publish_seq AS seq, n.places, n.people,
  n.matters
FROM notice_rung r JOIN notice n ON n.id = r.notice_id
WHERE r.done_at IS NULL AND r.due_at <= %(now)s
ORDER BY r.due_at LIMIT 1 FOR UPDATE OF r SKIP LOCKED
"""
ON = """
UPDATE notice_rung SET upto = %(upto)s, done_at = %(done)s
WHERE notice_id = %(id)s AND rung = %(rung)s
"""
VISITS = """
INSERT INTO notice_visit (id, notice_id, resident_id, grid_code, made_at)
SELECT gen_random_uuid(), %(id)s, v.resident, v.grid, %(now)s
FROM unnest(%(residents)s::uuid[], %(grids)s::text[]) AS v(resident, grid)
ON CONFLICT (notice_id, resident_id) DO NOTHING
"""


def plan_ladders() -> int:
    """Set the rungs of newly published duties; return how many there were."""
    with transaction():
        rows = write(UNPLANNED, {"most": NEW})
        for row in rows:
            for rung in LADDER:
                due = due_at(rung, row.ack_by)
                write(PLAN, {"id": row.id, "rung": rung.name, "due": due})
    return int(len(rows) == NEW)


def climb() -> int:
    """Ask those of some grids again who have not answered; return whether there was a rung."""
    now = clock.now()
    with transaction():
        rows = write(DUE, {"now": now})
        for row in rows:
            _climb(row, now)
    return len(rows)


def _climb(row: Any, now: Any) -> None:
    if row.state not in OWED:  # withdrawn or corrected: nothing is owed any more
        _note(row, row.upto, now)
        return
    audience = parameters(row.places, row.people, row.matters) | {"seq": row.seq}
    grids = grids_of(audience, row.upto, GRIDS)
    if grids:
        _ask(row, write(OUTSTANDING, audience | {"grids": grids}), now)
        _note(row, grids[-1], None)
    else:
        _ask(row, write(OUTSTANDING_SINGLY, audience), now)
        _note(row, row.upto, now)


def _ask(row: Any, people: Sequence[Any], now: Any) -> None:
    residents: list[UUID] = [each.resident_id for each in people]
    if not residents:
        return
    if row.rung == VISIT:
        doors = [each.grid_code or "" for each in people]
        write(VISITS, {"id": row.notice_id, "residents": residents, "grids": doors, "now": now})
    else:
        accounts = [each.account_id for each in people if each.account_id]
        emergency = row.priority == Priority.EMERGENCY
        remind(row.notice_id, row.rung, accounts, residents, emergency=emergency)


def _note(row: Any, upto: str, done: Any) -> None:
    write(ON, {"id": row.notice_id, "rung": row.rung, "upto": upto, "done": done})


PLANNING = Sweep("ladders of acknowledgements", plan_ladders, every=30)
CLIMBING = Sweep("rungs of acknowledgements", climb, every=30)
