"""The wire shapes of the exchange's books."""

import marshmallow as ma

from app.http.shapes import Code, PageQuery, Shape


class BatchQuery(PageQuery):
    """Which batches."""

    stream = Code(load_default=None)


class BatchShape(Shape):
    """One committed page of a stream; the counts add up to ``n_in``."""

    id = ma.fields.Integer(required=True)
    source = ma.fields.String(required=True)
    stream = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    n_in = ma.fields.Integer(required=True)
    n_inserted = ma.fields.Integer(required=True)
    n_updated = ma.fields.Integer(required=True)
    n_same = ma.fields.Integer(required=True)
    n_stale = ma.fields.Integer(required=True)
    n_duplicate = ma.fields.Integer(required=True)
    n_bad = ma.fields.Integer(required=True)


class BatchPage(Shape):
    """Some batches, the newest first."""

    items = ma.fields.List(ma.fields.Nested(BatchShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class QuarantinedShape(Shape):
    """A row in quarantine: why, not what."""

    source = ma.fields.String(required=True)
    stream = ma.fields.String(required=True)
    digest = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    field = ma.fields.String(required=True)
    first_seen = ma.fields.AwareDateTime(required=True, format="iso")
    last_seen = ma.fields.AwareDateTime(required=True, format="iso")
    times = ma.fields.Integer(required=True)


class QuarantinePage(Shape):
    """Some quarantined rows."""

    items = ma.fields.List(ma.fields.Nested(QuarantinedShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
