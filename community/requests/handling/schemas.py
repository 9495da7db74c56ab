"""The wire shapes of handling."""

import marshmallow as ma

from app.http.shapes import Shape, Text

RESULTS = ("solved", "partly_solved", "planned", "explained", "not_our_duty", "duplicate")


class Release(Shape):
    """Why a claimed request is given back."""

    reason = Text(required=True, most=500)


class Settlement(Shape):
    """What came of a request: 已解决, 部分解决, 列入计划, 依法解释, 不属职责, 重复并案."""

    result = ma.fields.String(required=True, validate=ma.validate.OneOf(RESULTS))
    note = Text(required=True, most=2000)
