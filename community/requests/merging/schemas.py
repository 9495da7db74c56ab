"""The wire shapes of merging."""

import marshmallow as ma

from app.http.shapes import Shape, Text


class Merge(Shape):
    """Into which request, and why they are one."""

    into = ma.fields.UUID(required=True)
    reason = Text(required=True, most=500)


class Unmerge(Shape):
    """Why they are not one after all."""

    reason = Text(required=True, most=500)
