"""What is attached to a notice: kept in its row, so that it is frozen with the revision.

Bytes are app/files' matter, and stay as long as the notice refers to them.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.files.links import FULL, THUMBNAIL, link_to

SUBJECT = "notice"
"""Under which word a notice refers to files."""

Attachment = Mapping[str, Any]


def attachment_of(file: Any, name: str, sha1: str) -> dict[str, Any]:
    """Return what a notice keeps of a file; ``sha1`` (hexadecimal) is what alerts want."""
    return {
        "id": str(file.id),
        "name": name,
        "kind": file.kind,
        "media_type": file.media_type,
        "bytes": file.size,
        "width": file.width,
        "height": file.height,
        "sha1": sha1,
        "has_thumbnail": file.thumbnail is not None,
    }


def with_links(attachment: Attachment) -> dict[str, Any]:
    """Return an attachment as it is told to somebody who may see the notice: links hold 5 min."""
    key = UUID(attachment["id"])
    small = link_to(key, THUMBNAIL) if attachment["has_thumbnail"] else None
    return {**attachment, "links": {"full": link_to(key, FULL), "thumbnail": small}}


def public_path(root_id: UUID, attachment: Attachment) -> str:
    """Return where an attachment of a public notice is found for as long as the notice is."""
    return f"/n/{root_id}/attachments/{attachment['id']}"
