"""The inbox over HTTP."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.conditional import unless_seen
from app.http.guard import current_actor
from app.policy import Rows
from notices.inbox import examples, queries, service
from notices.inbox.marks import standing
from notices.inbox.schemas import (
    AsideShape,
    InboxPage,
    InboxQuery,
    ReadableNotice,
    SearchQuery,
    UnreadShape,
)
from notices.model.policy import READER
from notices.model.refusals import AcknowledgementNotAsked

inbox = Blueprint("inbox", __name__, url_prefix="/api/v1/inbox", description="收件箱 · Inbox")

POLICY: Rows = {
    ("inbox.list_inbox", "GET"): READER,
    ("inbox.search_inbox", "GET"): READER,
    ("inbox.count_unread", "GET"): READER,
    ("inbox.put_aside", "POST"): READER,
    ("inbox.read_notice", "GET"): READER,
    ("inbox.mark_read", "POST"): READER,
    ("inbox.acknowledge_notice", "POST"): READER,
}


@inbox.get("")
@unless_seen(standing)
@inbox.refuses(CursorRefused)
@inbox.query(InboxQuery)
@inbox.answer(200, InboxPage, example={"items": [examples.ITEM], "next": None})
def list_inbox(query: dict[str, Any]) -> Page[Any]:
    """List what is meant for the caller and stands, the newest first; or what is pinned of it."""
    return queries.inbox(current_actor(), **query)


@inbox.get("/search")
@inbox.refuses(CursorRefused)
@inbox.query(SearchQuery)
@inbox.answer(200, InboxPage, example={"items": [examples.ITEM], "next": None})
def search_inbox(query: dict[str, Any]) -> Page[Any]:
    """Find a notice again by words in it, also after it expired; the newest first."""
    return queries.found(current_actor(), **query)


@inbox.get("/unread")
@unless_seen(standing)
@inbox.answer(200, UnreadShape, example={"unread": 1})
def count_unread() -> dict[str, int]:
    """Count the caller's unread notices, up to 100."""
    return {"unread": queries.unread(current_actor())}


@inbox.post("/aside")
@inbox.body(AsideShape, example={"upto": 17})
@inbox.answer(204)
def put_aside(body: dict[str, Any]) -> None:
    """Take everything up to what was shown as read, emergencies apart; repeats do no harm."""
    service.put_aside(current_actor(), **body)


@inbox.get("/<uuid:id>")
@inbox.answer(200, ReadableNotice, example=examples.READABLE)
def read_notice(id: UUID) -> Any:  # noqa: A002  the name of the path's parameter
    """Show a notice to one of those it is meant for, also after it expired."""
    return service.readable(current_actor(), id)


@inbox.post("/<uuid:id>/read")
@inbox.answer(204)
def mark_read(id: UUID) -> None:  # noqa: A002
    """Record that the caller has read a notice; repeats do no harm."""
    service.mark_read(current_actor(), id)


@inbox.post("/<uuid:id>/acknowledgement")
@inbox.refuses(AcknowledgementNotAsked)
@inbox.answer(204)
def acknowledge_notice(id: UUID) -> None:  # noqa: A002
    """Acknowledge a notice that asks for it; repeats do no harm."""
    service.acknowledge(current_actor(), id)
