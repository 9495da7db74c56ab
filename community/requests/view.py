"""A request as somebody in whose sight it is sees it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.policy import Actor
from app.privacy import vault
from community.requests import queries
from community.requests.events import NOTE
from community.requests.steps_taken import seen

WORDS = "service_request.words"


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as somebody in whose sight it is sees it, with its timeline."""

    row: Any
    words: str | None
    mine: bool
    claimed_by_me: bool
    timeline: list[dict[str, Any]]


def show(actor: Actor, request_id: UUID) -> RequestView:
    """Return a request with its words and its timeline.

    Raises:
        NotFound: there is none in the actor's sight.
    """
    row = seen(actor, request_id)
    entries = [
        {
            "at": entry.at,
            "step": entry.step,
            "note": vault.opened(NOTE, request_id, entry.note_sealed),
            "facts": entry.facts,
        }
        for entry in queries.timeline(request_id)
    ]
    return RequestView(
        row=row,
        words=vault.opened(WORDS, request_id, row.words_sealed),
        mine=row.account_id == actor.account_id,
        claimed_by_me=row.claimed_by == actor.account_id,
        timeline=entries,
    )
