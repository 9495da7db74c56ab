"""The clocks beside that of a case: a helper's, an objection's, a return visit's, a review's.

Each keeps from what it was reckoned. The one sweep of ``sweeps.py`` reckons all of them again,
set-based, a batch a deed; what moves is an entry in the timeline of its case.
"""

from dataclasses import dataclass
from typing import Any

from app.areas.service import working_calendar
from app.calendar.days import WorkingCalendar
from app.calendar.deadlines import LimitUnit
from app.database import FIRST_ID, together, transaction, write
from community.requests.clock.plain import facts_of
from community.requests.clock.reckoning import Terms, reckon
from community.requests.clock.running import USUAL
from community.requests.events import done
from community.requests.lifecycle import Step
from community.requests.models import OPEN_STATES
from community.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class Beside:
    """One kind of clock: its rows, what tells them apart, when one began, and which still run."""

    stage: Stage
    table: str
    key: str
    kind: str
    began: str
    running: str
    first: object = FIRST_ID


CLOCKS = (
    Beside(
        Stage.HELP,
        "request_task",
        "id",
        "uuid",
        "asked_at",
        f"s.answered_at IS NULL AND s.cancelled_at IS NULL AND r.{OPEN_STATES}",
    ),
    Beside(
        Stage.ADJUDICATE,
        "request_objection",
        "request_id",
        "uuid",
        "asked_at",
        "s.decided_at IS NULL AND r.state = 'objected'",
    ),
    Beside(
        Stage.VISIT,
        "request_visit",
        "id",
        "bigint",
        "opened_at",
        "s.visited_at IS NULL AND r.state = 'visiting'",
        0,
    ),
    Beside(
        Stage.REVIEW,
        "request_decline",
        "request_id",
        "uuid",
        "contested_at",
        "s.contested_at IS NOT NULL AND s.reviewed_at IS NULL AND r.state = 'reviewing'",
    ),
)

# The rule for many that ``community.rules.deciding.limit_of`` is for one; a test holds both.
CHANGED = """
SELECT s.{key} AS key, s.request_id, s.{began} AS began, s.due_at,
  coalesce(l.count, %(count)s) AS count, coalesce(l.unit, %(unit)s) AS unit
FROM {table} s JOIN service_request r ON r.id = s.request_id
LEFT JOIN LATERAL (
  SELECT x.count, x.unit FROM matter_limit x,
    LATERAL (SELECT (s.{began} AT TIME ZONE 'Asia/Shanghai')::date) AS d(day)
  WHERE x.stage = %(stage)s AND (x.matter_code = r.matter_code OR x.matter_code IS NULL)
    AND x.valid_from <= d.day AND (x.valid_to IS NULL OR x.valid_to > d.day)
  ORDER BY x.matter_code IS NOT NULL DESC, x.valid_from DESC, x.sid DESC LIMIT 1) l ON true
WHERE {running} AND s.{key} > %(after)s::{kind}
  AND (s.calendar_version, s.limit_count, s.limit_unit) IS DISTINCT FROM
    (%(calendar)s, coalesce(l.count, %(count)s), coalesce(l.unit, %(unit)s))
ORDER BY s.{key} LIMIT %(batch)s FOR UPDATE OF s SKIP LOCKED
"""

RECKONED = """
UPDATE {table} s SET due_at = v.due, provisional = v.provisional, limit_count = v.count,
  limit_unit = v.unit, calendar_version = %(calendar)s
FROM unnest(%(keys)s::{kind}[], %(dues)s::timestamptz[], %(provisional)s::boolean[],
  %(counts)s::int[], %(units)s::text[]) AS v(key, due, provisional, count, unit)
WHERE s.{key} = v.key
"""


def reckon_beside(batch: int) -> int:
    """Reckon all running clocks beside cases; return how many moved. It may be repeated."""
    return sum(_reckon_all(each, batch) for each in CLOCKS)


def _reckon_all(kind: Beside, batch: int) -> int:
    usual, moved = USUAL[kind.stage], 0
    about: dict[str, Any] = {
        "stage": str(kind.stage),
        "count": usual.count,
        "unit": str(usual.unit),
        "after": kind.first,
        "batch": batch,
    }
    while True:
        with transaction():
            calendar = working_calendar.get()
            rows = write(of_kind(CHANGED, kind), {**about, "calendar": calendar.version})
            moved += _reckon(kind, rows, calendar) if rows else 0
        if len(rows) < batch:
            return moved
        about["after"] = rows[-1].key


def _reckon(kind: Beside, rows: list[Any], calendar: WorkingCalendar) -> int:
    terms = [Terms(row.began, row.count, LimitUnit(row.unit)) for row in rows]
    dues = [reckon(each, calendar) for each in terms]
    values = {
        "keys": [row.key for row in rows],
        "dues": [due.due_at for due in dues],
        "provisional": [due.provisional for due in dues],
        "counts": [row.count for row in rows],
        "units": [row.unit for row in rows],
        "calendar": calendar.version,
    }
    write(of_kind(RECKONED, kind), values)
    moved = [
        (row, facts_of(each, due, calendar))
        for row, each, due in zip(rows, terms, dues, strict=True)
        if due.due_at != row.due_at
    ]
    with together():
        for row, facts in moved:
            about = {"of": str(kind.stage), "was": row.due_at.isoformat(), "clock": facts}
            done(None, row.request_id, Step.RECKON, **about)
    return len(moved)


def of_kind(sql: str, kind: Beside) -> str:
    """Return a statement about one kind of clock."""
    return sql.format(
        table=kind.table, key=kind.key, kind=kind.kind, began=kind.began, running=kind.running
    )
