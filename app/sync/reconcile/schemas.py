"""The wire shapes of freshness and of reports."""

from typing import Any

import marshmallow as ma

from app.http.shapes import Code, PageQuery, Shape

AS_OF = "2026-11-23T01:00:00+00:00"
"""Such a time, for the description of what shows one."""


class AsOf(ma.fields.AwareDateTime):
    """When all that the district had of what is shown was last here; null if it never was."""

    def __init__(self, **options: Any) -> None:
        words = {"description": "all that the district had was last here at this time"}
        super().__init__(required=True, allow_none=True, format="iso", metadata=words, **options)


class Moment(ma.fields.AwareDateTime):
    """A moment that may not have been yet."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=True, allow_none=True, format="iso", **options)


class FreshnessShape(Shape):
    """A stream of a source: how fresh it is here, and how it was last read."""

    source = ma.fields.String(required=True)
    stream = ma.fields.String(required=True)
    fresh_at = AsOf()
    equal_at = Moment(metadata={"description": "both sides were last compared and the same"})
    fresh_within_s = ma.fields.Integer(required=True)
    stale = ma.fields.Boolean(
        required=True, metadata={"description": "older than fresh_within_s, or never all here"}
    )
    last_status = ma.fields.String(required=True, allow_none=True)
    last_message = ma.fields.String(required=True, allow_none=True)
    last_started_at = Moment()


class FreshnessList(Shape):
    """Every stream of every source."""

    items = ma.fields.List(ma.fields.Nested(FreshnessShape), required=True)


class ReportQuery(PageQuery):
    """Which reports."""

    source = Code(load_default=None)


class ReportShape(Shape):
    """A reconciliation of a source."""

    id = ma.fields.Integer(required=True)
    source = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    equal = ma.fields.Boolean(
        required=True, metadata={"description": "every stream was compared and is the same"}
    )


class ReportPage(Shape):
    """Some reports, the newest first."""

    items = ma.fields.List(ma.fields.Nested(ReportShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ReportDetail(ReportShape):
    """A report with what was found of each stream, and whether it is as it was sealed."""

    intact = ma.fields.Boolean(
        required=True, metadata={"description": "the seal fits: nobody has changed the report"}
    )
    findings = ma.fields.Dict(required=True)
