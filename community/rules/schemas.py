"""The wire shapes of the rules that everybody may read."""

import marshmallow as ma

from app.http.shapes import Code, Query, Shape


class LimitsQuery(Query):
    """Of which matter."""

    matter = Code(required=True)


class LimitShape(Shape):
    """How long a stage of a matter may take today, and on what basis."""

    stage = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    unit = ma.fields.String(required=True)
    legal_basis = ma.fields.String(required=True)
    pausable = ma.fields.Boolean(required=True)
    extension_count = ma.fields.Integer(required=True, allow_none=True)
    extension_unit = ma.fields.String(required=True, allow_none=True)
    extension_by = ma.fields.String(required=True, allow_none=True)


class LimitList(Shape):
    """The limits of a matter today."""

    items = ma.fields.List(ma.fields.Nested(LimitShape), required=True)


class ClauseShape(Shape):
    """A clause of the duty list."""

    code = ma.fields.String(required=True)
    department_code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True, allow_none=True)
    legal_basis = ma.fields.String(required=True)


class ClauseList(Shape):
    """The duty list as it is valid today."""

    items = ma.fields.List(ma.fields.Nested(ClauseShape), required=True)


class NotAcceptedShape(Shape):
    """What is not taken as a request, and where to turn instead."""

    code = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True)
    told = ma.fields.String(required=True)
    told_en = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    department_code = ma.fields.String(required=True, allow_none=True)
    legal_basis = ma.fields.String(required=True)


class NotAcceptedList(Shape):
    """All that is not taken as a request today."""

    items = ma.fields.List(ma.fields.Nested(NotAcceptedShape), required=True)


class RatingReasonShape(Shape):
    """What may be ticked beside one level of a rating."""

    code = ma.fields.String(required=True)
    stars = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True)
    legal_basis = ma.fields.String(required=True)


class RatingReasonList(Shape):
    """All that may be ticked today."""

    items = ma.fields.List(ma.fields.Nested(RatingReasonShape), required=True)
