"""Attaching files to a draft: each by the one who uploaded it, within bounds, as a new version."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from app import clock
from app.database import transaction, write
from app.errors import NotFound, Stale
from app.files import queries as files
from app.files.kinds import Kind
from app.files.links import FULL
from app.files.refusals import FileUnknown
from app.files.service import read_file
from app.files.uses import drop_uses, use_files
from app.policy import Actor
from app.privacy import audit
from notices.editing.service import as_seen, content_of
from notices.model.attachments import SUBJECT, attachment_of
from notices.model.history import record
from notices.model.lifecycle import Priority, State, Step, step
from notices.model.refusals import AttachmentsTooLarge, TooManyAttachments

KEEP = """
UPDATE notice SET attachments = %(attachments)s::jsonb, version = version + 1
WHERE id = %(id)s AND version = %(seen)s RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many files a notice may carry, and how many bytes in all."""

    most: int
    most_bytes: int


def attach(
    actor: Actor, notice_id: UUID, seen: int, file_id: UUID, name: str, bounds: Bounds
) -> None:
    """Attach a photo or document that the actor uploaded to a draft, or to what was returned.

    Raises:
        TooManyAttachments, AttachmentsTooLarge: the notice carries enough.
        FileUnknown: the file is not there, somebody else's, or attached already.
        NoticeStepRefused, Stale, NotFound: it cannot be, has changed, or is not the actor's.
    """
    file = files.one(file_id)
    if file is None or file.uploaded_by != actor.account_id:
        raise FileUnknown
    _, content = read_file(file_id, FULL)
    sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    with transaction():
        before = as_seen(actor, notice_id, seen)
        there = list(before.attachments)
        if len(there) >= bounds.most:
            raise TooManyAttachments(most=bounds.most)
        if sum(each["bytes"] for each in there) + file.size > bounds.most_bytes:
            raise AttachmentsTooLarge(most_bytes=bounds.most_bytes)
        use_files(actor, SUBJECT, notice_id, [file_id], (Kind.IMAGE, Kind.DOCUMENT))
        _keep(actor, before, [*there, attachment_of(file, name, sha1)])
        audit(actor.account_id, "notice-attach", "notice", notice_id, bytes=file.size)


def detach(actor: Actor, notice_id: UUID, seen: int, file_id: UUID) -> None:
    """Take an attachment off a draft; a file that nothing else refers to goes in a day.

    Raises:
        NoticeStepRefused, Stale, NotFound: it cannot be, has changed, or is not there.
    """
    with transaction():
        before = as_seen(actor, notice_id, seen)
        left = [each for each in before.attachments if each["id"] != str(file_id)]
        if len(left) == len(before.attachments):
            raise NotFound
        _keep(actor, before, left)
        drop_uses(SUBJECT, notice_id, [file_id])
        audit(actor.account_id, "notice-detach", "notice", notice_id)


def _keep(actor: Actor, before: Any, attachments: list[dict[str, Any]]) -> None:
    state = step(State(before.state), Step.EDIT, Priority(before.priority))
    about = {"id": before.id, "seen": before.version}
    if not write(KEEP, about | {"attachments": orjson.dumps(attachments).decode()}):
        raise Stale
    record(
        before.id,
        before.version + 1,
        Step.EDIT,
        state,
        clock.now(),
        by=actor.account_id,
        changed=["attachments"],
        content=content_of(before._asdict() | {"attachments": attachments}),
    )
