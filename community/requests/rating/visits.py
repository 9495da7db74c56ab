"""Return visits (回访): somebody other than the handler asks whether it is really settled."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import Page, read, transaction, write
from app.policy import Actor
from app.privacy import vault
from community.requests.clock import running
from community.requests.events import done, tell_district
from community.requests.lifecycle import State, Step, step
from community.requests.policy import SEEN_BY, hands_of, holds, is_staff_of, seen_by
from community.requests.rating.again import worked_again
from community.requests.refusals import NotYours, OneOfYours
from community.requests.steps_taken import seen, standing_of, take
from community.requests.urgent import urgent_first
from community.requests.view import RequestView, show
from community.rules.stages import Stage

WORDS = "request_visit.words"

OPEN = """
INSERT INTO request_visit
  (request_id, round, because, opened_by, opened_at, limit_count, limit_unit, due_at, provisional,
   calendar_version, words_sealed, file_id)
VALUES (%(id)s, %(round)s, %(because)s, %(by)s, %(now)s, %(limit_count)s, %(limit_unit)s,
  %(due_at)s, %(provisional)s, %(calendar_version)s, %(words)s, %(file)s)
"""
CLOSE = """
UPDATE request_visit SET visited_by = %(me)s, visited_at = %(now)s, outcome = %(outcome)s
WHERE request_id = %(id)s AND visited_at IS NULL RETURNING id
"""
HANDLED = """
SELECT 1 FROM request_event
WHERE request_id = %(id)s AND account_id = ANY(%(hands)s)
  AND step IN ('claim', 'settle', 'contact', 'help') LIMIT 1
"""
DUE = f"""
SELECT v.id, v.request_id, v.round, v.because, v.opened_at, v.due_at, v.words_sealed, v.file_id,
  r.number, r.matter_code, r.version
FROM request_visit v JOIN service_request r ON r.id = v.request_id
WHERE v.visited_at IS NULL AND {SEEN_BY}
  AND (v.due_at, v.request_id) > (%(due)s::timestamptz, %(after)s::uuid)
ORDER BY v.due_at, v.request_id LIMIT %(limit)s
"""  # noqa: S608  constants of ours


def open_visit(
    actor: Actor | None,
    row: Any,
    wanted: Step,
    because: str,
    words: str | None,
    file: UUID | None = None,
    version: int | None = None,
) -> None:
    """Open a return visit of a case, in the deed of whoever has a reason to doubt it."""
    now = clock.now()
    due = running.term(row.matter_code, Stage.VISIT, now, running.USUAL[Stage.VISIT])
    take(row, wanted, row.version if version is None else version)
    about = {"id": row.id, "round": row.round, "because": because, "file": file, "now": now}
    sealed = vault.seal_about(WORDS, row.id, words, row.account_id) if words else None
    write(OPEN, {**about, **due.columns, "by": actor and actor.account_id, "words": sealed})
    done(actor, row.id, wanted, because=because, due=due.facts["due"])


def ask_for_visit(actor: Actor, request_id: UUID, version: int, reason: str) -> RequestView:
    """Open a return visit as district staff.

    Raises:
        NotYours: the case lies outside the actor's area.
        Stale, StepRefused: it has changed, or is not settled.
    """
    with transaction():
        row = seen(actor, request_id)
        if not is_staff_of(actor, row):
            raise NotYours
        open_visit(actor, row, Step.OPEN_VISIT, "staff", reason, version=version)
    return show(actor, request_id)


def visit(actor: Actor, request_id: UUID, version: int, outcome: str, note: str) -> RequestView:
    """Record a return visit: it is settled, or it is worked again with a new deadline.

    Raises:
        NotYours: the case lies outside the actor's area.
        OneOfYours: the actor, or whom they cover, had a hand in it.
        Stale, StepRefused: it has changed, or no visit is open.
    """
    wanted = Step.VISIT if outcome == "settled" else Step.REWORK
    with transaction():
        row = seen(actor, request_id)
        if not is_staff_of(actor, row):
            raise NotYours
        about = {"id": request_id, "hands": list(hands_of(actor))}
        if holds(actor, row) or read(HANDLED, about):
            raise OneOfYours
        step(standing_of(row), wanted)
        changes, facts = worked_again(row, State.CLAIMED) if wanted == Step.REWORK else ({}, {})
        take(row, wanted, version, **changes)
        about = {"id": request_id, "me": actor.account_id, "now": clock.now()}
        write(CLOSE, {**about, "outcome": outcome})
        done(actor, request_id, wanted, note, **facts)
        if wanted == Step.REWORK:
            told = {"number": row.number, "round": changes["round"]}
            tell_district("request-reworked", request_id, told)
    return show(actor, request_id)


def due_visits(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return the visits to make, the most urgent first."""
    page = urgent_first("visits", DUE, seen_by(actor), cursor, limit)
    return Page([_opened(row) for row in page.items], page.next)


def _opened(row: Any) -> dict[str, Any]:
    return {**row._asdict(), "words": vault.opened(WORDS, row.request_id, row.words_sealed)}
