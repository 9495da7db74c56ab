"""Asking the filer for more; the clock stands still only where the matter allows it."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import transaction
from app.policy import Actor
from community.requests.clock import running
from community.requests.events import done
from community.requests.lifecycle import State, Step
from community.requests.steps_taken import claimed, filed, take
from community.requests.view import RequestView, show


def ask(actor: Actor, request_id: UUID, version: int, wanted: str) -> RequestView:
    """Ask whoever filed it to add something, once and completely (一次性告知).

    Raises:
        NotYours, Stale, StepRefused: it is not the actor's, has changed, or is not claimed.
    """
    with transaction():
        row = claimed(actor, request_id, Step.ASK_SUPPLEMENT)
        stopped: dict[str, Any] = {}
        if row.pausable:
            stopped = {"paused_at": clock.now(), "next_rung_at": None}
        take(row, Step.ASK_SUPPLEMENT, version, **stopped)
        done(actor, request_id, Step.ASK_SUPPLEMENT, wanted, paused=bool(stopped))
    return show(actor, request_id)


def supply(actor: Actor, request_id: UUID, version: int, words: str) -> RequestView:
    """Add what was asked for, or anything else while it is open; a clock that stood still runs on.

    Raises:
        NotYours, Stale, StepRefused: somebody else filed it, it has changed, or it is over.
    """
    with transaction():
        row = filed(actor, request_id)
        run_on = running.resumed(row, State.CLAIMED)
        take(row, Step.SUPPLEMENT, version, **run_on["columns"])
        done(actor, request_id, Step.SUPPLEMENT, words, **run_on["facts"])
    return show(actor, request_id)
