"""The wire shapes of estimates and reports."""

import marshmallow as ma

from app.http.shapes import Code, Query, Shape

SMALL = {
    "description": "null: fewer than five, or else a cell of fewer than five could be reckoned"
}


def _count() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, allow_none=True, metadata=SMALL)


class AreaCount(Shape):
    """How many of an area."""

    area = ma.fields.String(required=True)
    residents = _count()


class TextCost(Shape):
    """What text messages cost, in parts of 70 characters, or of 67 where there are several."""

    at_once = ma.fields.Boolean(
        required=True, metadata={"description": "false: only to who owes an answer and is late"}
    )
    parts_each = ma.fields.Integer(required=True)
    parts_at_most = _count()


class EstimateShape(Shape):
    """Who will see a notice, as the registers are now."""

    nobody = ma.fields.Boolean(required=True)
    exact = ma.fields.Boolean(required=True, metadata={"description": "Counted, not reckoned"})
    residents = _count()
    workers = ma.fields.Integer(required=True)
    enterprises = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many people act for one; null: fewer than five"},
    )
    areas = ma.fields.List(ma.fields.Nested(AreaCount), required=True)
    texts = ma.fields.Nested(
        TextCost,
        required=True,
        allow_none=True,
        metadata={"description": "null: no text message is sent"},
    )


class ReachQuery(Query):
    """Under which area."""

    under = Code(load_default=None)


class ReachLine(AreaCount):
    """``reached`` by ``read``, ``ack`` and by each channel that delivers.

    ``outstanding``: who owes an answer and has not given it; null also where none is asked for.
    ``not_sent``: whom a channel left alone as they wish, by the reason: ``refused``, or
    ``quiet-hours`` that ended only when the notice was over. It stands in their inbox.
    """

    reached = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Integer(allow_none=True), required=True
    )
    outstanding = _count()
    not_sent = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Dict(
            keys=ma.fields.String(), values=ma.fields.Integer(allow_none=True), required=True
        ),
        required=True,
    )


class ClassCount(Shape):
    """How many of a class of age."""

    age_class = ma.fields.String(required=True)
    residents = _count()


class ReachShape(Shape):
    """Whom a notice reached in the areas right under one."""

    counted_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    areas = ma.fields.List(ma.fields.Nested(ReachLine), required=True)
    classes = ma.fields.List(ma.fields.Nested(ClassCount), required=True)
