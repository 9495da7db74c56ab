"""The wire shapes of corrections."""

import marshmallow as ma

from app.http.shapes import Code, PageQuery, Pattern, Shape, Text

STATES = ("asked", "corrected", "declined")
KEY = r"[A-Za-z0-9][A-Za-z0-9:/._-]{0,127}"


class OwnCorrection(Shape):
    """What is wrong in one's own record, what it should say, and why."""

    field = Code(required=True)
    wanted = Text(most=4000, required=True)
    reason = Text(most=1000, required=True)


class NewCorrection(OwnCorrection):
    """What is wrong in a record; ``record`` is its code, or the source's key."""

    stream = Code(required=True)
    record = Pattern(KEY, required=True)


class CorrectionQuery(PageQuery):
    """Which corrections."""

    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))


class CorrectionShape(Shape):
    """A correction that was asked for; the owner must have answered by ``limit_at``."""

    id = ma.fields.UUID(required=True)
    stream = ma.fields.String(required=True)
    record = ma.fields.String(required=True)
    field = ma.fields.String(required=True)
    wanted = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)
    asked_at = ma.fields.AwareDateTime(required=True, format="iso")
    limit_at = ma.fields.AwareDateTime(required=True, format="iso")
    limit_basis = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    answered_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    answer = ma.fields.String(required=True, allow_none=True)
    overdue = ma.fields.Boolean(required=True)


class CorrectionPage(Shape):
    """Some corrections, the newest first."""

    items = ma.fields.List(ma.fields.Nested(CorrectionShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
