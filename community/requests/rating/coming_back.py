"""When it is not settled after all: the filer reopens it, a neighbour who follows disputes it."""

from uuid import UUID

from app.database import beyond, read, transaction
from app.errors import NotFound
from app.files.uses import use_files
from app.policy import Actor
from community.requests import queries
from community.requests.events import done, tell_district
from community.requests.lifecycle import State, Step, step
from community.requests.rating.again import worked_again
from community.requests.rating.visits import open_visit
from community.requests.steps_taken import filed, standing_of, take
from community.requests.view import RequestView, show

# One follows the case itself, or one that was merged into it.
FOLLOWED = """
SELECT r.id FROM service_request r
WHERE r.id = %(id)s AND NOT r.confidential AND EXISTS (
  SELECT FROM request_follow f WHERE f.account_id = %(me)s AND f.request_id IN (
    SELECT r.id UNION ALL SELECT m.id FROM service_request m WHERE m.master_id = r.id))
"""
DISPUTE = "request-dispute"


def reopen(actor: Actor, request_id: UUID, version: int, reason: str) -> RequestView:
    """Come back to a settled request within the district's term, with the reason.

    Raises:
        NotYours, Stale: somebody else filed it, or it has changed.
        StepRefused: it is not settled, or the term is over.
    """
    with transaction():
        row = filed(actor, request_id)
        step(standing_of(row), Step.REOPEN)
        changes, facts = worked_again(row, State.DISPATCHED)
        take(row, Step.REOPEN, version, **changes, claimed_by=None)
        done(actor, request_id, Step.REOPEN, reason, **facts)
        told = {"number": row.number, "round": changes["round"]}
        tell_district("request-reopened", request_id, told)
    return show(actor, request_id)


def dispute(actor: Actor, request_id: UUID, words: str, photo: UUID) -> None:
    """Say as a neighbour who follows that it is not settled, with a photo: it is visited.

    Raises:
        NotFound: the caller follows no such case.
        FileUnknown: the photo is not the caller's.
        StepRefused: it is not settled, or is being visited already.
    """
    with transaction():
        with beyond():  # a neighbour filed it
            if not read(FOLLOWED, {"id": request_id, "me": actor.account_id}):
                raise NotFound
            row = queries.whatever(actor, request_id)
        step(standing_of(row), Step.DISPUTE)
        use_files(actor, DISPUTE, request_id, [photo], whose=actor.account_id)
        with beyond():  # a neighbour filed it
            open_visit(actor, row, Step.DISPUTE, "dispute", words, photo)
