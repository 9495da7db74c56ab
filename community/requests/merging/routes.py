"""Merging over HTTP."""

from typing import Any
from uuid import UUID

from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.versions import version_seen, versioned
from community.requests import examples
from community.requests.edge import Answer, requests, shown
from community.requests.lifecycle import StepRefused
from community.requests.merging import service
from community.requests.merging.schemas import Merge, Unmerge
from community.requests.refusals import MergeRefused, NotYours
from community.requests.schemas import RequestDetail


@requests.post("/<uuid:id>/merge")
@idempotent
@versioned
@requests.refuses(NotYours, MergeRefused, StepRefused)
@requests.body(Merge, example={"into": examples.ID, "reason": "同一处漏水"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def merge_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002  the name in the path
    """Let a request go on in another about the same thing (并案); it keeps its own."""
    return shown(service.merge(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/unmerge")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Unmerge, example={"reason": "并非同一处"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def unmerge_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Take a request out of its master again: it goes on by itself."""
    return shown(service.unmerge(current_actor(), id, version_seen(), **body))
