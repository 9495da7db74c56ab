"""The one review (复核) of a case that was not taken: the filer objects, somebody else decides."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import Page, read, transaction, write
from app.policy import Actor, Role
from app.privacy import vault
from community.requests.clock import running
from community.requests.clock.matters import matter_of
from community.requests.events import done, tell_district
from community.requests.lifecycle import State, Step, step
from community.requests.policy import SEEN_BY, hands_of, is_staff_of, seen_by
from community.requests.refusals import NotYours, OneOfYours
from community.requests.steps_taken import seen, standing_of, take
from community.requests.urgent import urgent_first
from community.requests.view import RequestView, show
from community.rules.stages import Stage

WORDS = "request_decline.words"

CONTEST = """
UPDATE request_decline SET contested_at = %(now)s, words_sealed = %(words)s,
  limit_count = %(limit_count)s, limit_unit = %(limit_unit)s, due_at = %(due_at)s,
  provisional = %(provisional)s, calendar_version = %(calendar_version)s
WHERE request_id = %(id)s
"""
DECLINED_BY = "SELECT declined_by FROM request_decline WHERE request_id = %(id)s"
REVIEWED = """
UPDATE request_decline SET reviewed_by = %(me)s, reviewed_at = %(now)s, outcome = %(outcome)s
WHERE request_id = %(id)s
"""
OPEN = f"""
SELECT d.request_id, r.number, r.matter_code, d.reason_code, d.words_sealed, d.declined_at,
  d.contested_at, d.due_at, d.provisional, r.version
FROM request_decline d JOIN service_request r ON r.id = d.request_id
WHERE d.contested_at IS NOT NULL AND d.reviewed_at IS NULL AND r.state = 'reviewing' AND {SEEN_BY}
  AND (d.due_at, d.request_id) > (%(due)s::timestamptz, %(after)s::uuid)
ORDER BY d.due_at, d.request_id LIMIT %(limit)s
"""  # noqa: S608  constants of ours


def contest(actor: Actor, request_id: UUID, version: int, words: str) -> RequestView:
    """Object to the declining: by whoever filed it, or a clerk for somebody without an account.

    Raises:
        NotYours: somebody else filed it.
        Stale, StepRefused: it has changed, was reviewed once, or the term is over.
    """
    now = clock.now()
    with transaction():
        row = seen(actor, request_id)
        if not _speaks_for(actor, row):
            raise NotYours
        step(standing_of(row), Step.CONTEST)
        due = running.term(row.matter_code, Stage.REVIEW, now, running.USUAL[Stage.REVIEW])
        take(row, Step.CONTEST, version, declining="contested")
        sealed = vault.seal_about(WORDS, request_id, words, row.account_id)
        write(CONTEST, {**due.columns, "id": request_id, "now": now, "words": sealed})
        done(actor, request_id, Step.CONTEST, words, clock=due.facts)
    return show(actor, request_id)


def review(actor: Actor, request_id: UUID, version: int, outcome: str, note: str) -> RequestView:
    """Decide once and for all whether a case is taken; its clock begins if it is.

    Raises:
        NotYours: the case lies outside the actor's area.
        OneOfYours: the actor, or whom they cover, declined it.
        Stale, StepRefused: it has changed, or nobody objects.
    """
    now, taken = clock.now(), outcome == "take"
    wanted = Step.TAKE_UP if taken else Step.CONFIRM_DECLINE
    with transaction():
        row = seen(actor, request_id)
        if not is_staff_of(actor, row):
            raise NotYours
        target = step(standing_of(row), wanted)
        if read(DECLINED_BY, {"id": request_id})[0].declined_by in hands_of(actor):
            raise OneOfYours
        changes, facts = _begun(row, target) if taken else ({}, {})
        take(row, wanted, version, declining="reviewed", **changes)
        about = {"id": request_id, "me": actor.account_id, "now": now, "outcome": outcome}
        write(REVIEWED, about)
        done(actor, request_id, wanted, note, **facts)
        told = {"number": row.number, "outcome": outcome, "reviewed_at": now}
        tell_district("request-decline-reviewed", request_id, told)
    return show(actor, request_id)


def open_reviews(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return the reviews to decide, the most urgent first."""
    page = urgent_first("reviews", OPEN, seen_by(actor), cursor, limit)
    return Page([_opened(row) for row in page.items], page.next)


def _speaks_for(actor: Actor, row: Any) -> bool:
    if row.account_id is not None:
        return bool(row.account_id == actor.account_id)
    areas = actor.areas_as(Role.DESK_CLERK)
    return not set(row.grid_path).isdisjoint(areas)


def _begun(row: Any, state: State) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns of a case whose clock begins now, and what the timeline keeps of it."""
    begun = running.begin(matter_of(row), Stage.SETTLE, clock.now(), state)
    return {**begun.columns, "reopen_until": None}, {"clock": begun.facts}


def _opened(row: Any) -> dict[str, Any]:
    return {**row._asdict(), "words": vault.opened(WORDS, row.request_id, row.words_sealed)}
