"""A request as somebody in whose sight it is sees it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.policy import Actor
from app.privacy import vault
from community.requests import queries
from community.requests.events import NOTE
from community.requests.lifecycle import Step
from community.requests.policy import holds
from community.requests.steps_taken import seen
from community.requests.telling import in_words

WORDS = "service_request.words"
CONTACT = "service_request.contact"


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as somebody in whose sight it is sees it, with its timeline.

    What it was rated is told to whoever filed it only: who handled it must not know (GB/T 39734).
    """

    row: Any
    words: str | None
    mine: bool
    claimed_by_me: bool
    stars: int | None
    master: Any | None
    timeline: list[dict[str, Any]]


def show(actor: Actor, request_id: UUID) -> RequestView:
    """Return a request with its words and its timeline.

    Raises:
        NotFound: there is none in the actor's sight.
    """
    return _of(actor, seen(actor, request_id))


def show_filed(actor: Actor, request_id: UUID) -> RequestView:
    """Return a request to whoever has just filed it, even if they may not follow it further."""
    return _of(actor, queries.whatever(actor, request_id))


def _of(actor: Actor, row: Any) -> RequestView:
    entries = [
        {
            "at": entry.at,
            "step": entry.step,
            "note": vault.opened(NOTE, row.id, entry.note_sealed),
            "facts": entry.facts,
            "words": in_words(entry.step, entry.facts),
        }
        for entry in queries.timeline(row)
        if entry.step != Step.RATE or row.account_id == actor.account_id
    ]
    mine = row.account_id is not None and row.account_id == actor.account_id
    return RequestView(
        row=row,
        words=vault.opened(WORDS, row.id, row.words_sealed),
        mine=mine,
        claimed_by_me=holds(actor, row),
        stars=row.stars if mine else None,
        master=queries.master_of(row),
        timeline=entries,
    )
