"""Service requests over HTTP."""

from typing import Any
from uuid import UUID

import orjson
from flask import Response

from app.database import CursorRefused, Page
from app.http.blueprint import JSON, Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.places import wgs84_of
from app.http.shapes import PageQuery
from app.http.versions import etag, version_seen, versioned
from app.identity.refusals import LevelNeeded
from community.requests import examples, filing, queries, service
from community.requests.lifecycle import StepRefused
from community.requests.refusals import (
    AlreadyClaimed,
    AlreadyRated,
    MatterUnknown,
    NotYours,
    OutsideZone,
)
from community.requests.schemas import (
    NearRequestQuery,
    NewRating,
    NewRequest,
    PublicRequestPage,
    Release,
    RequestDetail,
    RequestPage,
    Settlement,
)

requests = Blueprint(
    "requests", __name__, url_prefix="/api/v1/requests", description="诉求 · Service requests"
)

Answer = tuple[service.RequestView, dict[str, str]]


@requests.post("")
@idempotent
@requests.refuses(MatterUnknown, OutsideZone, LevelNeeded)
@requests.body(NewRequest, example=examples.NEW)
@requests.answer(201, RequestDetail, example=examples.DETAIL)
def file_request(body: dict[str, Any]) -> Answer:
    """File a service request; it is dispatched to its grid or department at once."""
    actor = current_actor()
    key = filing.file_request(actor, **body)
    view, headers = _shown(service.show(actor, key))
    return view, headers | {"Location": f"/api/v1/requests/{key}"}


@requests.get("")
@requests.refuses(CursorRefused)
@requests.query(NearRequestQuery)
@requests.answer(200, PublicRequestPage, example=examples.NEAR)
def list_near(query: dict[str, Any]) -> Response:
    """List the open requests near a place, nearest first: the public view."""
    here = wgs84_of(query.pop("near"), query.pop("crs"))
    page = queries.near(here, **query)
    # From rows to bytes: a test holds this against the documented shape.
    return Response(orjson.dumps({"items": page.items, "next": page.next}), content_type=JSON)


@requests.get("/mine")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, RequestPage, example=examples.PAGE)
def list_mine(query: dict[str, Any]) -> Page[Any]:
    """List the requests that the caller filed, the newest first."""
    return queries.mine(current_actor(), **query)


@requests.get("/work")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, RequestPage, example=examples.PAGE)
def list_work(query: dict[str, Any]) -> Page[Any]:
    """List what the caller may claim or holds, the next deadline first."""
    return queries.work(current_actor(), **query)


@requests.get("/<uuid:id>")
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def show_request(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Show a request with its words and timeline."""
    return _shown(service.show(current_actor(), id))


@requests.post("/<uuid:id>/claim")
@requests.refuses(AlreadyClaimed, NotYours, StepRefused)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def claim_request(id: UUID) -> Answer:  # noqa: A002
    """Claim a request: one of those who try gets it, a repeat by the same worker does no harm."""
    return _shown(service.claim(current_actor(), id))


@requests.post("/<uuid:id>/release")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Release, example={"reason": "请假,由同事接手"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def release_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Give a claimed request back."""
    return _shown(service.release(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/settlement")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.body(Settlement, example={"result": "solved", "note": "已清理楼道杂物"})
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def settle_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Settle a claimed request with its result."""
    return _shown(service.settle(current_actor(), id, version_seen(), **body))


@requests.post("/<uuid:id>/rating")
@idempotent
@requests.refuses(AlreadyRated, NotYours, StepRefused)
@requests.body(NewRating, example={"stars": 5, "words": "很快"})
@requests.answer(201, RequestDetail, example=examples.DETAIL)
def rate_request(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Rate a settled request (好差评)."""
    return _shown(service.rate(current_actor(), id, **body))


@requests.post("/<uuid:id>/withdrawal")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def withdraw_request(id: UUID) -> Answer:  # noqa: A002
    """Withdraw an open request."""
    return _shown(service.withdraw(current_actor(), id, version_seen()))


def _shown(view: service.RequestView) -> Answer:
    return view, etag(view.row.version)
