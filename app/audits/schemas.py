"""The wire shapes of the trail."""

from typing import Any

import marshmallow as ma

from app.http.shapes import Code, PageQuery, Pattern, Shape
from app.privacy import DEEDS, SHARING


class AuditQuery(PageQuery):
    """Whose deeds, or what was done to what."""

    account = ma.fields.UUID(load_default=None)
    subject_kind = Code(load_default=None)
    subject_id = Pattern(r"[A-Za-z0-9_.:-]{1,100}", load_default=None)
    chain = ma.fields.String(load_default=None, validate=ma.validate.OneOf((DEEDS, SHARING)))

    @ma.validates_schema
    def _both(self, data: dict[str, Any], **_options: Any) -> None:
        if bool(data.get("subject_kind")) != bool(data.get("subject_id")):
            raise ma.ValidationError({"subject_id": ["Missing data for required field."]})


class AuditEntryShape(Shape):
    """One deed: ids, codes and numbers. ``seq`` and ``hash`` are there once it is sealed."""

    id = ma.fields.Integer(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    account_id = ma.fields.UUID(required=True, allow_none=True)
    deed = ma.fields.String(required=True)
    subject_kind = ma.fields.String(required=True)
    subject_id = ma.fields.String(required=True)
    request_id = ma.fields.String(required=True, allow_none=True)
    facts = ma.fields.Dict(required=True)
    chain = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True, allow_none=True)
    hash = ma.fields.Function(
        lambda row: bytes(row.hash).hex() if row.hash else None,
        required=True,
        allow_none=True,
        metadata={"type": "string"},
    )


class AuditPage(Shape):
    """Some deeds, the newest first."""

    items = ma.fields.List(ma.fields.Nested(AuditEntryShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class HeadShape(Shape):
    """Where a chain ends: to be copied away, so that nobody can shorten or rewrite it unseen."""

    chain = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True)
    hash = ma.fields.String(required=True)
    mac = ma.fields.String(required=True)


class Heads(Shape):
    """Where each chain ends."""

    items = ma.fields.List(ma.fields.Nested(HeadShape), required=True)
