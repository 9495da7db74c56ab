"""Notices over HTTP, for staff who write them."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.versions import etag, version_seen, versioned
from app.policy import Rows
from notices.editing import examples, queries, service
from notices.editing.schemas import (
    NewNotice,
    NoticeCorrection,
    NoticePage,
    NoticeQuery,
    NoticeShape,
    VersionPage,
)
from notices.model.lifecycle import NoticeStepRefused
from notices.model.policy import STAFF
from notices.model.refusals import (
    AnswerByRefused,
    AreaNotYours,
    CorrectionOpen,
    ExpiryBeforeStart,
    ExpiryRefused,
    LinkRefused,
    OutlineRefused,
    StartRefused,
)

notices = Blueprint("notices", __name__, url_prefix="/api/v1/notices", description="通知 · Notices")

POLICY: Rows = {
    ("notices.draft_notice", "POST"): STAFF,
    ("notices.list_notices", "GET"): STAFF,
    ("notices.show_notice", "GET"): STAFF,
    ("notices.edit_notice", "POST"): STAFF,
    ("notices.list_versions", "GET"): STAFF,
    ("notices.correct_notice", "POST"): STAFF,
}

WRITING = (
    AreaNotYours,
    OutlineRefused,
    LinkRefused,
    ExpiryRefused,
    ExpiryBeforeStart,
    StartRefused,
    AnswerByRefused,
)

Answer = tuple[Any, dict[str, str]]


@notices.post("")
@idempotent
@notices.refuses(*WRITING)
@notices.body(NewNotice, example=examples.NEW)
@notices.answer(201, NoticeShape, example=examples.NOTICE)
def draft_notice(body: dict[str, Any]) -> Answer:
    """Draft a notice to places within one's own area."""
    return _made(service.draft(current_actor(), **body))


@notices.get("")
@notices.refuses(CursorRefused)
@notices.query(NoticeQuery)
@notices.answer(200, NoticePage, example={"items": [examples.NOTICE], "next": None})
def list_notices(query: dict[str, Any]) -> Page[Any]:
    """List the notices within one's own area, the newest first."""
    return queries.managed(current_actor(), **query)


@notices.get("/<uuid:id>")
@notices.answer(200, NoticeShape, example=examples.NOTICE)
def show_notice(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Show a notice to staff."""
    return shown(id)


@notices.post("/<uuid:id>/versions")
@idempotent
@versioned
@notices.refuses(NoticeStepRefused, *WRITING)
@notices.body(NewNotice, example=examples.NEW)
@notices.answer(200, NoticeShape, example=examples.NOTICE)
def edit_notice(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Write a draft, or what was returned, anew."""
    service.edit(current_actor(), id, version_seen(), **body)
    return shown(id)


@notices.get("/<uuid:id>/versions")
@notices.refuses(CursorRefused)
@notices.query(PageQuery)
@notices.answer(200, VersionPage, example={"items": [examples.VERSION], "next": None})
def list_versions(id: UUID, query: dict[str, Any]) -> Page[Any]:  # noqa: A002
    """List the steps of a notice with what changed, the newest first."""
    return service.versions(current_actor(), id, **query)


@notices.post("/<uuid:id>/correction")
@idempotent
@versioned
@notices.refuses(NoticeStepRefused, CorrectionOpen, *WRITING)
@notices.body(NoticeCorrection, example=examples.CORRECTION)
@notices.answer(201, NoticeShape, example=examples.NOTICE)
def correct_notice(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Draft a correction of what is published; it takes its place when it is published itself."""
    return _made(service.correct(current_actor(), id, version_seen(), **body))


def shown(notice_id: UUID) -> Answer:
    """Return a notice as staff see it, with its tag."""
    row = service.managed(current_actor(), notice_id)
    return row, etag(row.version)


def _made(notice_id: UUID) -> Answer:
    row, headers = shown(notice_id)
    return row, headers | {"Location": f"/api/v1/notices/{notice_id}"}
