"""The wire shapes of the inbox."""

import marshmallow as ma

from app.http.shapes import PageQuery, Shape, Text, Whole
from notices.editing.attached import attachment_list
from notices.editing.schemas import WordOfPriority

LARGEST = 2**53 - 1


class InboxQuery(PageQuery):
    """Which part of the inbox."""

    pinned = ma.fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})


class SearchQuery(PageQuery):
    """What to look for; without words everything that was ever meant for the caller."""

    words = Text(load_default=None, allow_none=False, least=2, most=40)


class InboxItem(Shape):
    """A notice in an inbox. ``read``: opened, or put aside; ``read_at`` says when it was opened."""

    id = ma.fields.UUID(required=True)
    seq = ma.fields.Integer(required=True, metadata={"description": "To put aside up to here"})
    revision = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    priority = WordOfPriority(required=True)
    drill = ma.fields.Boolean(required=True)
    pinned = ma.fields.Boolean(required=True)
    title = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True, allow_none=True)
    change_note = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "What changed, in a correction"}
    )
    needs_ack = ma.fields.Boolean(required=True)
    ack_by = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    attached = ma.fields.Integer(required=True, metadata={"description": "How many files it has"})
    published_at = ma.fields.AwareDateTime(required=True, format="iso")
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    state = ma.fields.String(required=True, metadata={"description": "published, or expired"})
    read = ma.fields.Boolean(required=True)
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    acked_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class InboxPage(Shape):
    """Some notices, the newest first."""

    items = ma.fields.List(ma.fields.Nested(InboxItem), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ReadableNotice(InboxItem):
    """A notice as its readers see it."""

    root_id = ma.fields.UUID(required=True)
    body_md = ma.fields.String(required=True)
    body_html = ma.fields.String(required=True)
    body_en_md = ma.fields.String(required=True, allow_none=True)
    body_en_html = ma.fields.String(required=True, allow_none=True)
    large_text = ma.fields.String(required=True)
    read_aloud = ma.fields.String(required=True)
    attachments = attachment_list()


class UnreadShape(Shape):
    """How many are unread: 100 stands for 100 or more, which people are shown as 99+."""

    unread = ma.fields.Integer(required=True)


class AsideShape(Shape):
    """Up to which number: the highest that the caller was shown."""

    upto = Whole(low=1, high=LARGEST, required=True)
