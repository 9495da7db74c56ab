"""Attachments over HTTP, for staff who write notices."""

from typing import Any
from uuid import UUID

from flask import current_app

from app.files.refusals import FileUnknown
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.versions import etag, version_seen, versioned
from app.policy import Rows
from app.settings import Settings
from notices.editing import attaching, examples, service
from notices.editing.attached import NewAttachment
from notices.editing.attaching import Bounds
from notices.editing.schemas import NoticeShape
from notices.model.lifecycle import NoticeStepRefused
from notices.model.policy import STAFF
from notices.model.refusals import AttachmentsTooLarge, TooManyAttachments

attachments = Blueprint(
    "attachments", __name__, url_prefix="/api/v1/notices", description="附件 · Attachments"
)

POLICY: Rows = {
    ("attachments.attach_file", "POST"): STAFF,
    ("attachments.detach_file", "DELETE"): STAFF,
}

Answer = tuple[Any, dict[str, str]]


@attachments.post("/<uuid:id>/attachments")
@idempotent
@versioned
@attachments.refuses(FileUnknown, NoticeStepRefused, TooManyAttachments, AttachmentsTooLarge)
@attachments.body(NewAttachment, example={"file": examples.ID, "name": "停水范围图"})
@attachments.answer(200, NoticeShape, example=examples.NOTICE)
def attach_file(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002  the path's parameter
    """Attach a photo or document that the caller uploaded to a draft, or to what was returned."""
    settings: Settings = current_app.extensions["linli.settings"]
    bounds = Bounds(settings.notice_files, settings.notice_files_bytes)
    attaching.attach(current_actor(), id, version_seen(), body["file"], body["name"], bounds)
    return _shown(id)


@attachments.delete("/<uuid:id>/attachments/<uuid:file>")
@versioned
@attachments.refuses(NoticeStepRefused)
@attachments.answer(200, NoticeShape, example=examples.NOTICE)
def detach_file(id: UUID, file: UUID) -> Answer:  # noqa: A002
    """Take an attachment off a draft, or off what was returned."""
    attaching.detach(current_actor(), id, version_seen(), file)
    return _shown(id)


def _shown(notice_id: UUID) -> Answer:
    row = service.managed(current_actor(), notice_id)
    return row, etag(row.version)
