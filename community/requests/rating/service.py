"""Rating what came of a request; a bad rating opens a return visit by somebody else."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import transaction, write
from app.policy import Actor
from app.privacy import vault
from community.requests.events import done, tell_district
from community.requests.lifecycle import State, Step, step
from community.requests.rating.for_another import rated_for
from community.requests.rating.visits import open_visit
from community.requests.refusals import AlreadyRated, TickUnknown
from community.requests.steps_taken import filed, standing_of, take
from community.requests.view import RequestView, show, show_filed
from community.rules import registers

BAD = 2
"""Two stars and one are 差评 (GB/T 39734: 不满意, 非常不满意)."""

RATE = """
INSERT INTO rating (request_id, round, account_id, stars, reasons, words_sealed, rated_at)
VALUES (%(id)s, %(round)s, %(me)s, %(stars)s, %(reasons)s, %(words)s, %(now)s)
ON CONFLICT DO NOTHING RETURNING 1
"""


def rate(
    actor: Actor,
    request_id: UUID,
    stars: int,
    reasons: list[str],
    words: str | None,
    mandate: UUID | None = None,
) -> RequestView:
    """Rate a settled request: five levels, once a round, by whoever filed it (GB/T 39734).

    ``reasons`` are ticked of those of this level (GB/T 39735). ``mandate`` names by what somebody
    rates for them: the one rating of the round is then the agent's word for the principal, and
    record and audit say so. The answer is all the agent reads.

    Raises:
        TickUnknown: one of them is not of this level today.
        NotYours: somebody else filed it.
        NotFound, MandateRefused, OneOfYours: the actor may not rate it for another.
        AlreadyRated, StepRefused: it is rated, or not settled yet.
    """
    with transaction():
        row, by = _theirs(actor, request_id, mandate)
        if row.stars is not None or row.state == State.RATED:
            raise AlreadyRated
        step(standing_of(row), Step.RATE)
        ticked = _ticked(stars, reasons)
        sealed = _sealed(row, words) if words else None
        values = {"id": request_id, "me": actor.account_id, "stars": stars, "words": sealed}
        values["reasons"] = ticked
        if not write(RATE, {**values, "round": row.round, "now": clock.now()}):
            raise AlreadyRated
        take(row, Step.RATE, row.version)
        done(actor, request_id, Step.RATE, stars=stars, reasons=ticked, **by)
        told = {"number": row.number, "stars": stars, "reasons": ticked}
        tell_district("request-rated", request_id, told)
        if stars <= BAD:
            row, _ = _theirs(actor, request_id, mandate)
            open_visit(None, row, Step.OPEN_VISIT, "bad-rating", words)
    return show(actor, request_id) if mandate is None else show_filed(actor, request_id)


def _theirs(actor: Actor, request_id: UUID, mandate: UUID | None) -> tuple[Any, dict[str, str]]:
    if mandate is None:
        return filed(actor, request_id), {}
    row, principal = rated_for(actor, request_id, mandate)
    basis = "guardianship" if principal.as_guardian else "mandate"
    return row, {basis: str(principal.mandate_id)}


def _ticked(stars: int, reasons: list[str]) -> list[str]:
    if not reasons:
        return []
    today = registers.valid(registers.rating_reasons, clock.today())
    known = {row.code for row in today if row.stars == stars}
    if not known.issuperset(reasons):
        raise TickUnknown(stars=stars)
    return sorted(set(reasons))


def _sealed(row: Any, words: str) -> bytes:
    return vault.seal("rating.words", row.id, words, row.account_id)
