"""The wire shapes of files."""

import marshmallow as ma

from app.http.shapes import Pattern, Query, Shape, Whole


class LinksShape(Shape):
    """Where the file can be read for the next five minutes, by whoever has the link."""

    full = ma.fields.String(required=True)
    thumbnail = ma.fields.String(required=True, allow_none=True)


class FileShape(Shape):
    """A file that is kept."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    media_type = ma.fields.String(required=True)
    bytes = ma.fields.Integer(required=True)
    width = ma.fields.Integer(required=True, allow_none=True)
    height = ma.fields.Integer(required=True, allow_none=True)
    links = ma.fields.Nested(LinksShape, required=True)


class LinkQuery(Query):
    """What makes a link good."""

    until = Whole(low=0, high=9_999_999_999, required=True)
    mark = Pattern(r"[0-9a-f]{32}", required=True)
