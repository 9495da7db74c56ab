"""Rating requests over HTTP."""

from typing import Any
from uuid import UUID

from app.http.guard import current_actor
from app.http.idempotency import idempotent
from community.requests import examples
from community.requests.edge import Answer, requests, shown
from community.requests.lifecycle import StepRefused
from community.requests.rating import service
from community.requests.rating.schemas import NewRating
from community.requests.refusals import AlreadyRated, NotYours
from community.requests.schemas import RequestDetail


@requests.post("/<uuid:id>/rating")
@idempotent
@requests.refuses(AlreadyRated, NotYours, StepRefused)
@requests.body(NewRating, example={"stars": 5, "words": "很快"})
@requests.answer(201, RequestDetail, example=examples.DETAIL)
def rate_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Rate a settled request (好差评)."""
    return shown(service.rate(current_actor(), id, **body))
