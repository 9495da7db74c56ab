"""Submitting, approving, returning, publishing and withdrawing over HTTP."""

from typing import Any
from uuid import UUID

from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.versions import etag, version_seen, versioned
from app.policy import Rows
from notices.approval import service
from notices.editing import examples
from notices.editing.schemas import NoticeShape, ReasonShape
from notices.editing.service import managed
from notices.model.lifecycle import NoticeStepRefused
from notices.model.policy import STAFF
from notices.model.refusals import (
    AnswerByRefused,
    AreaNotYours,
    ExpiryBeforeStart,
    ExpiryRefused,
    NobodyReached,
    OutlineRefused,
    SecondPersonNeeded,
    StartRefused,
)

approval = Blueprint(
    "approval", __name__, url_prefix="/api/v1/notices", description="审核与发布 · Approval"
)

POLICY: Rows = {
    ("approval.submit_notice", "POST"): STAFF,
    ("approval.approve_notice", "POST"): STAFF,
    ("approval.return_notice", "POST"): STAFF,
    ("approval.publish_notice", "POST"): STAFF,
    ("approval.withdraw_notice", "POST"): STAFF,
}

PLACES = (AreaNotYours, OutlineRefused)
TIMES = (ExpiryRefused, ExpiryBeforeStart, StartRefused, AnswerByRefused)

Answer = tuple[Any, dict[str, str]]


@approval.post("/<uuid:id>/submission")
@idempotent
@versioned
@approval.refuses(NoticeStepRefused, NobodyReached, *TIMES)
@approval.answer(200, NoticeShape, example=examples.NOTICE)
def submit_notice(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Ask a second person to approve a draft."""
    service.submit(current_actor(), id, version_seen())
    return _shown(id)


@approval.post("/<uuid:id>/approval")
@idempotent
@versioned
@approval.refuses(SecondPersonNeeded, NoticeStepRefused, *TIMES)
@approval.answer(200, NoticeShape, example=examples.NOTICE)
def approve_notice(id: UUID) -> Answer:  # noqa: A002
    """Approve what somebody else wrote; with a time to be published at, it is scheduled."""
    service.approve(current_actor(), id, version_seen())
    return _shown(id)


@approval.post("/<uuid:id>/return")
@idempotent
@versioned
@approval.refuses(NoticeStepRefused)
@approval.body(ReasonShape, example={"reason": "请写明停水范围"})
@approval.answer(200, NoticeShape, example=examples.NOTICE)
def return_notice(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Return a notice to whoever wrote it, with the reason."""
    service.send_back(current_actor(), id, version_seen(), **body)
    return _shown(id)


@approval.post("/<uuid:id>/publication")
@idempotent
@versioned
@approval.refuses(SecondPersonNeeded, NoticeStepRefused, NobodyReached, *PLACES, *TIMES)
@approval.answer(200, NoticeShape, example=examples.NOTICE)
def publish_notice(id: UUID) -> Answer:  # noqa: A002
    """Publish what was approved, or an emergency that somebody else wrote, at once."""
    service.publish(current_actor(), id, version_seen())
    return _shown(id)


@approval.post("/<uuid:id>/withdrawal")
@idempotent
@versioned
@approval.refuses(NoticeStepRefused)
@approval.answer(200, NoticeShape, example=examples.NOTICE)
def withdraw_notice(id: UUID) -> Answer:  # noqa: A002
    """Withdraw a notice; it leaves every inbox."""
    service.withdraw(current_actor(), id, version_seen())
    return _shown(id)


def _shown(notice_id: UUID) -> Answer:
    row = managed(current_actor(), notice_id)
    return row, etag(row.version)
