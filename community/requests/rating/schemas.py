"""The wire shapes of rating and of what follows from it."""

import marshmallow as ma

from app.http.shapes import Code, Query, Shape, Text, Whole

MOST_TICKED = 20


class NewRating(Shape):
    """From 1 (very unsatisfied) to 5 (very satisfied)."""

    stars = Whole(low=1, high=5, required=True)
    reasons = ma.fields.List(
        Code(),
        load_default=list,
        validate=ma.validate.Length(max=MOST_TICKED),
        metadata={"description": "ticked of `/rules/rating-reasons`, those of this level"},
    )
    words = Text(load_default=None, most=1000)
    mandate = ma.fields.UUID(
        load_default=None,
        metadata={"description": "the mandate or guardianship by which one rates for another"},
    )


class Reopening(Shape):
    """Why it is not settled after all."""

    reason = Text(required=True, most=1000)


class VisitWanted(Shape):
    """Why somebody should look again."""

    reason = Text(required=True, most=1000)


class Visited(Shape):
    """What the visit found: ``settled``, or ``unsettled``, and then it is worked again."""

    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(["settled", "unsettled"]))
    note = Text(required=True, most=2000)


class Dispute(Shape):
    """What a neighbour sees, and a photo of it."""

    words = Text(required=True, most=1000)
    photo = ma.fields.UUID(required=True)


class VisitShape(Shape):
    """A visit to make."""

    request_id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    matter_code = ma.fields.String(required=True)
    round = ma.fields.Integer(required=True)
    because = ma.fields.String(required=True)
    words = ma.fields.String(required=True, allow_none=True)
    opened_at = ma.fields.AwareDateTime(required=True, format="iso")
    due_at = ma.fields.AwareDateTime(required=True, format="iso")
    version = ma.fields.Integer(required=True)


class VisitPage(Shape):
    """Some visits, the most urgent first."""

    items = ma.fields.List(ma.fields.Nested(VisitShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class SatisfactionQuery(Query):
    """Of which days, and of which department or matter."""

    since = ma.fields.Date(required=True)
    until = ma.fields.Date(required=True)
    department = Code(load_default=None)
    matter = Code(load_default=None)


class ReasonCount(Shape):
    """How often a reason was ticked."""

    code = ma.fields.String(required=True)
    stars = ma.fields.Integer(required=True)
    n = ma.fields.Integer(required=True)


class Satisfaction(Shape):
    """Ratings that were given; below five of them nothing but their number is told."""

    rated = ma.fields.Integer(required=True)
    satisfied = ma.fields.Integer(required=True, allow_none=True)
    bad = ma.fields.Integer(required=True, allow_none=True)
    rate = ma.fields.Float(required=True, allow_none=True)
    reasons = ma.fields.List(
        ma.fields.Nested(ReasonCount),
        required=True,
        metadata={"description": "ticked five times or more, the most frequent first"},
    )
