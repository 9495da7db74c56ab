"""Handling requests over HTTP."""

from typing import Any
from uuid import UUID

from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.versions import version_seen, versioned
from community.requests import examples
from community.requests.edge import Answer, requests, shown
from community.requests.handling import service
from community.requests.handling.schemas import Release, Settlement
from community.requests.lifecycle import StepRefused
from community.requests.refusals import AlreadyClaimed, NotYours
from community.requests.schemas import RequestDetail


@requests.post("/<uuid:id>/claim")
@requests.refuses(AlreadyClaimed, NotYours, StepRefused)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def claim_request(id: UUID) -> Answer:  # noqa: A002
    """Claim a request: one of those who try gets it, a repeat by the same worker does no harm."""
    return shown(service.claim(current_actor(), id))


@requests.post("/<uuid:id>/release")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Release, example={"reason": "请假,由同事接手"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def release_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Give a claimed request back."""
    return shown(service.release(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/settlement")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Settlement, example={"result": "solved", "note": "已清理楼道杂物"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def settle_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Settle a claimed request with its result."""
    return shown(service.settle(current_actor(), id, version_seen(), **body))
