"""Declining requests over HTTP, and the review that a filer may ask for."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.versions import version_seen, versioned
from community.requests import examples
from community.requests.declining import reviewing, service
from community.requests.declining.schemas import Contest, Declining, Review, ReviewPage
from community.requests.edge import Answer, requests, shown
from community.requests.lifecycle import StepRefused
from community.requests.refusals import NotYours, OneOfYours, ReasonUnknown, WindowClosed
from community.requests.schemas import RequestDetail

REVIEWS = {
    "items": [
        {
            "request_id": examples.ID,
            "number": "20261123-000001",
            "matter_code": "RUBBISH",
            "reason_code": "CONCLUDED",
            "words": "上次说的是另一处",
            "declined_at": "2026-11-23T02:00:00+00:00",
            "contested_at": "2026-11-23T03:00:00+00:00",
            "due_at": "2026-12-23T16:00:00+00:00",
            "provisional": False,
            "version": 3,
        }
    ],
    "next": None,
}


@requests.post("/<uuid:id>/declining")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, ReasonUnknown, WindowClosed)
@requests.body(Declining, example={"reason": "CONCLUDED", "note": "同一事实已于上月办结"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def decline_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002  the name in the path
    """Decline a case that nobody handles yet (不予受理), by a reason of the district's list."""
    return shown(service.decline(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/contest")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Contest, example={"words": "上次说的是另一处"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def contest_declining(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Object that a case was declined: somebody else decides once more."""
    return shown(reviewing.contest(current_actor(), id, version_seen(), **body))


@requests.get("/reviews")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, ReviewPage, example=REVIEWS)
def list_reviews(query: dict[str, Any]) -> Page[Any]:
    """List the declined cases to review, the most urgent first."""
    return reviewing.open_reviews(current_actor(), **query)


@requests.post("/<uuid:id>/review")
@idempotent
@versioned
@requests.refuses(NotYours, OneOfYours, StepRefused)
@requests.body(Review, example={"outcome": "take", "note": "经复核属受理范围"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def review_declining(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Decide a review (复核), as somebody who did not decline it; either way it is final."""
    return shown(reviewing.review(current_actor(), id, version_seen(), **body))
