"""The wire shapes of attachments, as staff and readers see them."""

from typing import Any

import marshmallow as ma

from app.files.schemas import FileShape
from app.http.shapes import Shape, Text
from notices.model.attachments import with_links


class NewAttachment(Shape):
    """A file that the caller uploaded, and what its readers see it called."""

    file = ma.fields.UUID(required=True)
    name = Text(required=True, most=80)


class AttachmentShape(FileShape):
    """A file of a notice; its links hold for five minutes."""

    name = ma.fields.String(required=True)

    @ma.pre_dump
    def _linked(self, attachment: dict[str, Any], **_: Any) -> dict[str, Any]:
        return attachment if "links" in attachment else with_links(attachment)


def attachment_list() -> Any:
    """Return the field of what is attached to a notice, with links for whoever is shown it."""
    return ma.fields.List(ma.fields.Nested(AttachmentShape), required=True)
