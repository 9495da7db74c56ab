"""Rating requests over HTTP, and what follows from it."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.errors import Stale
from app.files.refusals import FileUnknown
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.versions import version_seen, versioned
from app.identity.mandates import MandateRefused
from community.requests import examples
from community.requests.edge import Answer, requests, shown
from community.requests.lifecycle import StepRefused
from community.requests.rating import coming_back, satisfaction, service, visits
from community.requests.rating.schemas import (
    Dispute,
    NewRating,
    Reopening,
    Satisfaction,
    SatisfactionQuery,
    Visited,
    VisitPage,
    VisitWanted,
)
from community.requests.refusals import AlreadyRated, NotYours, OneOfYours, TickUnknown
from community.requests.schemas import RequestDetail


@requests.post("/<uuid:id>/rating")
@idempotent
@requests.refuses(
    AlreadyRated, NotYours, StepRefused, TickUnknown, MandateRefused, OneOfYours, Stale
)
@requests.body(NewRating, example={"stars": 5, "reasons": ["517"], "words": "很快"})
@requests.answer(201, RequestDetail, example=examples.DETAIL)
def rate_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002  the name in the path
    """Rate a settled request (好差评), once a round; one or two stars open a return visit."""
    return shown(service.rate(current_actor(), id, **body))


@requests.post("/<uuid:id>/reopening")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Reopening, example={"reason": "两天后又堆满了"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def reopen_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Come back to a settled request within the district's term: it gets a new deadline."""
    return shown(coming_back.reopen(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/dispute")
@idempotent
@requests.refuses(StepRefused, FileUnknown, Stale)
@requests.body(Dispute, example={"words": "并未清理", "photo": examples.ID})
@requests.answer(204)
def dispute_settlement(id: UUID, body: dict[str, Any]) -> None:  # noqa: A002
    """Say as a neighbour who follows it, with a photo, that it is not settled: it is visited."""
    coming_back.dispute(current_actor(), id, **body)


@requests.get("/visits")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, VisitPage, example=examples.VISITS)
def list_visits(query: dict[str, Any]) -> Page[Any]:
    """List the return visits to make, the most urgent first."""
    return visits.due_visits(current_actor(), **query)


@requests.post("/<uuid:id>/visit-wanted")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(VisitWanted, example={"reason": "抽查"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def ask_for_visit(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Open a return visit (回访) of a settled request."""
    return shown(visits.ask_for_visit(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/visit")
@idempotent
@versioned
@requests.refuses(NotYours, OneOfYours, StepRefused)
@requests.body(Visited, example={"outcome": "unsettled", "note": "现场仍有堆物"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def visit_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Record a return visit, by somebody who had no hand in it."""
    return shown(visits.visit(current_actor(), id, version_seen(), **body))


@requests.get("/satisfaction")
@requests.query(SatisfactionQuery)
@requests.answer(200, Satisfaction, example=examples.SATISFACTION)
def show_satisfaction(query: dict[str, Any]) -> dict[str, Any]:
    """Show how satisfied people are: of ratings that were given, never of missing ones."""
    return satisfaction.satisfaction(current_actor(), **query)
