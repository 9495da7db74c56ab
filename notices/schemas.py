"""The wire shapes of notices."""

import marshmallow as ma

from app.http.shapes import Code, Instant, Shape, Text


class NewNotice(Shape):
    """A draft."""

    title = Text(required=True, most=200)
    body_md = Text(required=True, most=20_000, metadata={"description": "Markdown"})
    area_codes = ma.fields.List(Code(), required=True, validate=ma.validate.Length(min=1, max=200))
    expires_at = Instant(load_default=None, format="iso")


class NoticeShape(Shape):
    """A notice as staff see it."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    body_md = ma.fields.String(required=True)
    body_html = ma.fields.String(required=True)
    area_codes = ma.fields.List(ma.fields.String(), required=True)
    state = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    drafted_at = ma.fields.AwareDateTime(required=True, format="iso")
    published_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    publish_seq = ma.fields.Integer(required=True, allow_none=True)
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class NoticePage(Shape):
    """Some notices."""

    items = ma.fields.List(ma.fields.Nested(NoticeShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class InboxItem(Shape):
    """A notice in an inbox; ``read_at`` null: unread."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    published_at = ma.fields.AwareDateTime(required=True, format="iso")
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class InboxPage(Shape):
    """Some notices, the newest first."""

    items = ma.fields.List(ma.fields.Nested(InboxItem), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ReadableNotice(InboxItem):
    """A notice as its readers see it."""

    body_md = ma.fields.String(required=True)
    body_html = ma.fields.String(required=True)


class UnreadShape(Shape):
    """How many are unread: 100 stands for 100 or more."""

    unread = ma.fields.Integer(required=True)
