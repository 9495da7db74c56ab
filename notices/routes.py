"""Notices over HTTP, for staff and for readers."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.versions import etag, version_seen, versioned
from notices import examples, queries, service
from notices.lifecycle import NoticeStepRefused
from notices.refusals import AreaNotYours, ExpiryRefused, SecondPersonNeeded
from notices.schemas import (
    InboxPage,
    NewNotice,
    NoticePage,
    NoticeShape,
    ReadableNotice,
    UnreadShape,
)

notices = Blueprint("notices", __name__, url_prefix="/api/v1", description="通知 · Notices")

Answer = tuple[Any, dict[str, str]]


@notices.post("/notices")
@idempotent
@notices.refuses(AreaNotYours, ExpiryRefused)
@notices.body(NewNotice, example=examples.NEW)
@notices.answer(201, NoticeShape, example=examples.NOTICE)
def draft_notice(body: dict[str, Any]) -> Answer:
    """Draft a notice to areas within one's own."""
    key = service.draft(current_actor(), **body)
    row, headers = _shown(key)
    return row, headers | {"Location": f"/api/v1/notices/{key}"}


@notices.get("/notices")
@notices.refuses(CursorRefused)
@notices.query(PageQuery)
@notices.answer(200, NoticePage, example={"items": [examples.NOTICE], "next": None})
def list_notices(query: dict[str, Any]) -> Page[Any]:
    """List the notices within one's own area, the newest first."""
    return queries.managed(current_actor(), **query)


@notices.get("/notices/<uuid:id>")
@notices.answer(200, NoticeShape, example=examples.NOTICE)
def show_notice(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Show a notice to staff."""
    return _shown(id)


@notices.post("/notices/<uuid:id>/publication")
@idempotent
@versioned
@notices.refuses(SecondPersonNeeded, NoticeStepRefused, ExpiryRefused)
@notices.answer(200, NoticeShape, example=examples.NOTICE)
def publish_notice(id: UUID) -> Answer:  # noqa: A002
    """Publish a draft that somebody else wrote."""
    service.publish(current_actor(), id, version_seen())
    return _shown(id)


@notices.post("/notices/<uuid:id>/withdrawal")
@idempotent
@versioned
@notices.refuses(NoticeStepRefused)
@notices.answer(200, NoticeShape, example=examples.NOTICE)
def withdraw_notice(id: UUID) -> Answer:  # noqa: A002
    """Withdraw a notice; it leaves every inbox."""
    service.withdraw(current_actor(), id, version_seen())
    return _shown(id)


@notices.get("/inbox")
@notices.refuses(CursorRefused)
@notices.query(PageQuery)
@notices.answer(200, InboxPage, example={"items": [examples.ITEM], "next": None})
def list_inbox(query: dict[str, Any]) -> Page[Any]:
    """List what is published to the caller's areas, the newest first."""
    return queries.inbox(current_actor(), **query)


@notices.get("/inbox/unread")
@notices.answer(200, UnreadShape, example={"unread": 1})
def count_unread() -> dict[str, int]:
    """Count the caller's unread notices, up to 100."""
    return {"unread": queries.unread(current_actor())}


@notices.get("/inbox/<uuid:id>")
@notices.answer(200, ReadableNotice, example=examples.READABLE)
def read_notice(id: UUID) -> Any:  # noqa: A002
    """Show a notice to one of those it is meant for, also after it expired."""
    return service.readable(current_actor(), id)


@notices.post("/inbox/<uuid:id>/read")
@notices.answer(204)
def mark_read(id: UUID) -> None:  # noqa: A002
    """Record that the caller has read a notice; repeats do no harm."""
    service.mark_read(current_actor(), id)


def _shown(notice_id: UUID) -> Answer:
    row = service.managed(current_actor(), notice_id)
    return row, etag(row.version)
