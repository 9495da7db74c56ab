"""Handling requests over HTTP: those who work on them."""

from typing import Any
from uuid import UUID

from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.versions import version_seen, versioned
from community.requests import examples
from community.requests.edge import Answer, requests, shown
from community.requests.handling import handing_over, service, settling, supplements
from community.requests.handling.schemas import (
    HandOver,
    Note,
    Release,
    Settlement,
    Supplement,
    Wanted,
)
from community.requests.lifecycle import StepRefused
from community.requests.refusals import (
    AlreadyClaimed,
    AtCapacity,
    ClauseUnknown,
    ColleagueAtCapacity,
    ColleagueUnknown,
    NotYours,
    PlanRefused,
)
from community.requests.schemas import RequestDetail


@requests.post("/<uuid:id>/signature")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def sign_request(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Sign for a request (签收); the clock has run since it was dispatched."""
    return shown(service.sign(current_actor(), id, version_seen()))


@requests.post("/<uuid:id>/claim")
@requests.refuses(AlreadyClaimed, AtCapacity, NotYours, StepRefused)
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


@requests.post("/<uuid:id>/contact")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Note, example={"note": "已电话联系,约定下午上门"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def contact_filer(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Note that the filer was reached (首次联系)."""
    return shown(service.contact(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/hand-over")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, ColleagueUnknown, ColleagueAtCapacity)
@requests.body(HandOver, example={"to": "DD0002", "reason": "轮休"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def hand_over_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Hand a claimed request over to a colleague of the same unit."""
    return shown(handing_over.hand_over(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/supplement-wanted")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Wanted, example={"wanted": "请补充户主身份证明"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def ask_supplement(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Ask the filer to add something; the clock stands still only where the matter allows it."""
    return shown(supplements.ask(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/supplement")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Supplement, example={"words": "材料见附件"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def supplement_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Add to a request what was asked for, or anything else while it is open."""
    return shown(supplements.supply(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/settlement")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, PlanRefused, ClauseUnknown)
@requests.body(Settlement, example={"result": "solved", "note": "已清理楼道杂物"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def settle_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Settle a claimed request with its result."""
    return shown(settling.settle(current_actor(), id, version_seen(), **body))
