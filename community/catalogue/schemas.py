"""The wire shapes of matters."""

import marshmallow as ma

from app.http.shapes import PageQuery, Shape
from app.sync.reconcile.schemas import AsOf
from community.catalogue.models import KINDS


class MatterQuery(PageQuery):
    """Which matters."""

    kind = ma.fields.String(load_default=None, validate=ma.validate.OneOf(KINDS))


class MatterShape(Shape):
    """A matter, its department, its limit and the limit's basis."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True, allow_none=True)
    kind = ma.fields.String(required=True)
    department_code = ma.fields.String(required=True)
    department_name = ma.fields.String(required=True, allow_none=True)
    handled_by = ma.fields.String(required=True)
    limit_count = ma.fields.Integer(required=True)
    limit_unit = ma.fields.String(required=True)
    legal_basis = ma.fields.String(required=True)
    level_required = ma.fields.Integer(required=True)
    near_metres = ma.fields.Integer(required=True)


class MatterDetail(MatterShape):
    """A matter, and how fresh that is."""

    as_of = AsOf()


class MatterPage(Shape):
    """Some matters, and how fresh that is."""

    items = ma.fields.List(ma.fields.Nested(MatterShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    as_of = AsOf()
