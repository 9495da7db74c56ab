"""Handling requests over HTTP: objections, extensions and dispatch by hand."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.versions import version_seen, versioned
from community.requests import examples
from community.requests.edge import Answer, requests, shown
from community.requests.handling import dispatching, extensions, objections
from community.requests.handling.schemas import (
    Adjudication,
    Decision,
    Elsewhere,
    NewExtension,
    NewObjection,
    ObjectionPage,
)
from community.requests.lifecycle import StepRefused
from community.requests.refusals import (
    ClauseUnknown,
    ExtensionRefused,
    NotYours,
    UnitUnknown,
    WindowClosed,
)
from community.requests.schemas import RequestDetail

OBJECTION = {"clause": "HOU-1", "propose": "HOU", "reason": "道路养护不属我单位职责"}
UPHELD = {"decision": "uphold", "note": "经核实属住建部门职责"}
MORE = {"count": 5, "because": "survey", "note": "需现场勘察"}
GRANTED = {"decision": "grant", "note": "同意延期"}
ELSEWHERE = {"department": "HOU", "reason": "涉及在建工程"}


@requests.post("/<uuid:id>/objection")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, WindowClosed, ClauseUnknown, UnitUnknown)
@requests.body(NewObjection, example=OBJECTION)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def object_to_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Object that a case is another unit's duty (退单): once, with the clause."""
    return shown(objections.object_to(current_actor(), id, version_seen(), **body))


@requests.get("/objections")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, ObjectionPage, example=examples.OBJECTIONS)
def list_objections(query: dict[str, Any]) -> Page[Any]:
    """List the objections to decide, the most urgent first."""
    return objections.open_objections(current_actor(), **query)


@requests.post("/<uuid:id>/adjudication")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, UnitUnknown)
@requests.body(Adjudication, example=UPHELD)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def adjudicate_objection(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Uphold or reject an objection; either way the unit is final."""
    return shown(objections.adjudicate(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/dispatch")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, UnitUnknown)
@requests.body(Elsewhere, example=ELSEWHERE)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def dispatch_elsewhere(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Send a case to another department against the rules, with the reason."""
    return shown(dispatching.send(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/designation")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, UnitUnknown)
@requests.body(Elsewhere, example=ELSEWHERE)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def designate_unit(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Designate the unit (指定): no objection after that."""
    return shown(dispatching.send(current_actor(), id, version_seen(), final=True, **body))


@requests.post("/<uuid:id>/extension")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, ExtensionRefused, WindowClosed)
@requests.body(NewExtension, example=MORE)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def ask_extension(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Ask for more time before the deadline: once, as long as the matter's rules allow."""
    return shown(extensions.ask(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/extension/decision")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Decision, example=GRANTED)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def decide_extension(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Grant or refuse more time; the filer reads the new deadline and the reason."""
    return shown(extensions.decide(current_actor(), id, version_seen(), **body))
