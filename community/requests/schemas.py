"""The wire shapes of service requests."""

import marshmallow as ma

from app.http.shapes import PageQuery, Shape


class PublicRequestShape(Shape):
    """The public view: the place rounded to some 100 m, and nobody named."""

    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    matter_code = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    lng = ma.fields.Float(required=True)
    lat = ma.fields.Float(required=True)
    filed_at = ma.fields.AwareDateTime(required=True, format="iso")
    metres = ma.fields.Integer(required=True)


class PublicRequestPage(Shape):
    """Some requests, nearest first."""

    items = ma.fields.List(ma.fields.Nested(PublicRequestShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class RequestShape(Shape):
    """A request in somebody's list."""

    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    matter_code = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    lng = ma.fields.Float(required=True)
    lat = ma.fields.Float(required=True)
    grid_code = ma.fields.String(required=True)
    near_edge = ma.fields.Boolean(required=True)
    handled_by = ma.fields.String(required=True)
    department_code = ma.fields.String(required=True, allow_none=True)
    filed_at = ma.fields.AwareDateTime(required=True, format="iso")
    deadline_at = ma.fields.AwareDateTime(required=True, format="iso")
    deadline_provisional = ma.fields.Boolean(required=True)
    settled_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    result = ma.fields.String(required=True, allow_none=True)
    planned_for = ma.fields.Date(required=True, allow_none=True)


class RequestPage(Shape):
    """Some requests."""

    items = ma.fields.List(ma.fields.Nested(RequestShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class WordsShape(Shape):
    """The same in two languages."""

    zh = ma.fields.String(required=True)
    en = ma.fields.String(required=True)


class EntryShape(Shape):
    """One entry of a timeline.

    ``step`` is one of docs/requests/lifecycle.md; ``words`` say it plainly, with the deadline and
    the days that count where it set or moved one; ``facts`` are the same as codes and numbers.
    """

    at = ma.fields.AwareDateTime(required=True, format="iso")
    step = ma.fields.String(required=True)
    words = ma.fields.Nested(WordsShape, required=True)
    note = ma.fields.String(required=True, allow_none=True)
    facts = ma.fields.Dict(required=True)


class StepShape(Shape):
    """A step that a request took, and when."""

    at = ma.fields.String(required=True)
    step = ma.fields.String(required=True)


class MasterShape(Shape):
    """The request into which another was merged, as whoever filed the other sees it."""

    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    deadline_at = ma.fields.AwareDateTime(required=True, format="iso")
    settled_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    result = ma.fields.String(required=True, allow_none=True)
    steps = ma.fields.List(ma.fields.Nested(StepShape), required=True)


class MineQuery(PageQuery):
    """Whose: the caller's own, or what other adults of the household share."""

    whose = ma.fields.String(
        load_default="me", validate=ma.validate.OneOf(["me", "household"]), allow_none=False
    )


class RequestDetail(Shape):
    """A request as somebody sees it in whose sight it is."""

    request = ma.fields.Nested(RequestShape, required=True, attribute="row")
    words = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "null where whoever filed it has closed the account"},
    )
    mine = ma.fields.Boolean(required=True)
    claimed_by_me = ma.fields.Boolean(
        required=True, metadata={"description": "by the caller, or by a colleague whom they cover"}
    )
    stars = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "of this round; told to whoever filed it only"},
    )
    why = ma.fields.Dict(
        required=True,
        allow_none=True,
        attribute="row.why",
        metadata={"description": "by which rule, clause and outline the unit has it"},
    )
    round = ma.fields.Integer(required=True, attribute="row.round")
    rung = ma.fields.Integer(required=True, attribute="row.rung")
    paused = ma.fields.Function(lambda view: view.row.paused_at is not None, required=True)
    extension = ma.fields.String(required=True, allow_none=True, attribute="row.extension")
    helpers = ma.fields.List(ma.fields.String(), required=True, attribute="row.helpers")
    master_id = ma.fields.UUID(required=True, allow_none=True, attribute="row.master_id")
    members = ma.fields.Integer(required=True, attribute="row.members")
    master = ma.fields.Nested(MasterShape, required=True, allow_none=True)
    timeline = ma.fields.List(ma.fields.Nested(EntryShape), required=True)
