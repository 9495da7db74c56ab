"""The wire shapes of areas."""

import marshmallow as ma

from app.http.shapes import Code, PageQuery, Shape
from app.sync.reconcile.schemas import AsOf


class AreaQuery(PageQuery):
    """Which areas."""

    parent = Code(load_default=None)


class AreaShape(Shape):
    """A node of the zone's tree."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True, allow_none=True)
    level = ma.fields.String(required=True)
    parent_code = ma.fields.String(required=True, allow_none=True)


class AreaPage(Shape):
    """Some areas, and how fresh that is."""

    items = ma.fields.List(ma.fields.Nested(AreaShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    as_of = AsOf()


class LinkShape(Shape):
    """How an area hangs on a statutory division."""

    division_code = ma.fields.String(required=True)
    division_name = ma.fields.String(required=True, allow_none=True)
    relation = ma.fields.String(required=True)
    valid_from = ma.fields.String(required=True)
    valid_to = ma.fields.String(required=True, allow_none=True)


class AreaDetail(AreaShape):
    """An area with its way up and its links, and how fresh that is."""

    path = ma.fields.List(ma.fields.String(), required=True)
    links = ma.fields.List(ma.fields.Nested(LinkShape), required=True)
    as_of = AsOf()
