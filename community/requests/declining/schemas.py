"""The wire shapes of declining and of its review."""

import marshmallow as ma

from app.http.shapes import Code, Shape, Text

OUTCOMES = ("take", "decline")


class Declining(Shape):
    """By which reason of ``/rules/not-accepted``, and what the filer should know besides."""

    reason = Code(required=True)
    note = Text(required=True, most=2000)


class Contest(Shape):
    """Why it should be taken after all."""

    words = Text(required=True, most=2000)


class Review(Shape):
    """``take`` lets its clock begin, ``decline`` is the end; why is told to the filer."""

    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(OUTCOMES))
    note = Text(required=True, most=2000)


class ReviewShape(Shape):
    """A review to decide."""

    request_id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    matter_code = ma.fields.String(required=True)
    reason_code = ma.fields.String(required=True)
    words = ma.fields.String(required=True, allow_none=True)
    declined_at = ma.fields.AwareDateTime(required=True, format="iso")
    contested_at = ma.fields.AwareDateTime(required=True, format="iso")
    due_at = ma.fields.AwareDateTime(required=True, format="iso")
    provisional = ma.fields.Boolean(required=True)
    version = ma.fields.Integer(required=True)


class ReviewPage(Shape):
    """Some reviews, the most urgent first."""

    items = ma.fields.List(ma.fields.Nested(ReviewShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
