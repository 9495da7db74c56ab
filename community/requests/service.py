"""Claiming, releasing, settling, rating and withdrawing; each is one conditional update."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import clock
from app.database import transaction, write
from app.errors import NotFound, Stale
from app.policy import Actor
from app.privacy import vault
from community.requests import queries
from community.requests.events import NOTE, done, tell_district
from community.requests.filing import WORDS
from community.requests.lifecycle import State, Step, step
from community.requests.policy import may_work
from community.requests.refusals import AlreadyClaimed, AlreadyRated, NotYours

CLAIM = """
UPDATE service_request SET state = 'claimed', claimed_by = %(me)s, version = version + 1
WHERE id = %(id)s AND state = 'dispatched' AND grid_code = %(grid)s RETURNING version
"""

MOVE = """
UPDATE service_request SET state = %(to)s, version = version + 1,
  claimed_by = CASE WHEN %(to)s = 'dispatched' THEN NULL ELSE claimed_by END,
  settled_at = coalesce(%(settled_at)s::timestamptz, settled_at),
  result = coalesce(%(result)s::text, result)
WHERE id = %(id)s AND version = %(seen)s RETURNING version
"""

RATE = """
INSERT INTO rating (request_id, account_id, stars, words_sealed, rated_at)
VALUES (%(id)s, %(me)s, %(stars)s, %(words)s, %(now)s) ON CONFLICT DO NOTHING RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as somebody in whose sight it is sees it, with its timeline."""

    row: Any
    words: str
    mine: bool
    claimed_by_me: bool
    timeline: list[dict[str, Any]]


def show(actor: Actor, request_id: UUID) -> RequestView:
    """Return a request with its words and its timeline.

    Raises:
        NotFound: there is none in the actor's sight.
    """
    row = _seen(actor, request_id)
    entries = [
        {
            "at": entry.at,
            "step": entry.step,
            "note": vault.open(NOTE, request_id, entry.note_sealed) if entry.note_sealed else None,
            "facts": entry.facts,
        }
        for entry in queries.timeline(request_id)
    ]
    return RequestView(
        row=row,
        words=vault.open(WORDS, request_id, row.words_sealed),
        mine=row.account_id == actor.account_id,
        claimed_by_me=row.claimed_by == actor.account_id,
        timeline=entries,
    )


def claim(actor: Actor, request_id: UUID) -> RequestView:
    """Take a request; of any number who try at the same instant one succeeds.

    A worker who has it already gets it again, so that a lost answer harms nobody.

    Raises:
        NotFound, NotYours: the request is out of sight, or another unit's to handle.
        AlreadyClaimed: somebody else was first.
        StepRefused: it is settled or withdrawn.
    """
    row = _seen(actor, request_id)
    if not may_work(actor, row):
        raise NotYours
    with transaction():
        about = {"id": request_id, "me": actor.account_id, "grid": row.grid_code}
        if write(CLAIM, about):
            done(actor, request_id, Step.CLAIM)
            return show(actor, request_id)
        now = _seen(actor, request_id)
        if now.grid_code != row.grid_code:  # its grid ended meanwhile: whose it is now decides
            return claim(actor, request_id)
        if now.state == State.CLAIMED and now.claimed_by == actor.account_id:
            return show(actor, request_id)
        if now.state not in (State.CLAIMED, State.DISPATCHED):
            step(State(now.state), Step.CLAIM)
        raise AlreadyClaimed


def release(actor: Actor, request_id: UUID, seen: int, reason: str) -> RequestView:
    """Give a claimed request back, with the reason.

    Raises:
        NotYours, Stale, StepRefused: it is not the actor's, has changed, or is not claimed.
    """
    with transaction():
        _move(_claimed(actor, request_id, Step.RELEASE), Step.RELEASE, seen)
        done(actor, request_id, Step.RELEASE, reason)
    return show(actor, request_id)


def settle(actor: Actor, request_id: UUID, seen: int, result: str, note: str) -> RequestView:
    """Settle a claimed request with a result, and give the outcome back to the district.

    Raises:
        NotYours, Stale, StepRefused: it is not the actor's, has changed, or is not claimed.
    """
    with transaction():
        row = _claimed(actor, request_id, Step.SETTLE)
        now = clock.now()
        _move(row, Step.SETTLE, seen, settled_at=now, result=result)
        done(actor, request_id, Step.SETTLE, note, result=result)
        payload = {"number": row.number, "result": result, "settled_at": now}
        tell_district("request-settled", request_id, payload)
    return show(actor, request_id)


def rate(actor: Actor, request_id: UUID, stars: int, words: str | None) -> RequestView:
    """Rate a settled request: five levels, once, by whoever filed it (GB/T 39734).

    Raises:
        NotYours: somebody else filed it.
        AlreadyRated, StepRefused: it is rated, or not settled yet.
    """
    with transaction():
        row = _filed(actor, request_id)
        if row.state == State.RATED:
            raise AlreadyRated
        step(State(row.state), Step.RATE)
        sealed = vault.seal("rating.words", request_id, words) if words else None
        values = {"id": request_id, "me": actor.account_id, "stars": stars, "words": sealed}
        if not write(RATE, {**values, "now": clock.now()}):
            raise AlreadyRated
        _move(row, Step.RATE, row.version)
        done(actor, request_id, Step.RATE, stars=stars)
        tell_district("request-rated", request_id, {"number": row.number, "stars": stars})
    return show(actor, request_id)


def withdraw(actor: Actor, request_id: UUID, seen: int) -> RequestView:
    """Withdraw an open request.

    Raises:
        NotYours, Stale, StepRefused: somebody else filed it, it has changed, or it is settled.
    """
    with transaction():
        row = _filed(actor, request_id)
        _move(row, Step.WITHDRAW, seen)
        done(actor, request_id, Step.WITHDRAW)
        tell_district("request-withdrawn", request_id, {"number": row.number})
    return show(actor, request_id)


def _seen(actor: Actor, request_id: UUID) -> Any:
    row = queries.one(actor, request_id)
    if row is None:
        raise NotFound
    return row


def _filed(actor: Actor, request_id: UUID) -> Any:
    row = _seen(actor, request_id)
    if row.account_id != actor.account_id:
        raise NotYours
    return row


def _claimed(actor: Actor, request_id: UUID, wanted: Step) -> Any:
    row = _seen(actor, request_id)
    step(State(row.state), wanted)
    if row.claimed_by != actor.account_id:
        raise NotYours
    return row


def _move(row: Any, wanted: Step, seen: int, **values: Any) -> None:
    """Take a step from the version that the caller saw; two at once never both succeed."""
    if row.version != seen:
        raise Stale
    target = step(State(row.state), wanted)
    blank = {"settled_at": None, "result": None}
    if not write(MOVE, {**blank, **values, "id": row.id, "to": target, "seen": seen}):
        raise Stale
