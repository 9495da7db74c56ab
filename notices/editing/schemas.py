"""The wire shapes of notices as staff write and see them."""

from typing import Any

import marshmallow as ma

from app.geo.crs import Crs
from app.http.shapes import Code, Degrees, Instant, PageQuery, Shape, Text
from notices.audience.people import WORDS
from notices.editing.attached import attachment_list
from notices.model.kinds import KINDS
from notices.model.lifecycle import Priority, State

PRIORITIES = tuple(each.word for each in Priority)
MOST_WORDS = 20_000


class OutlineShape(Shape):
    """A drawn outline: one ring that ends where it begins; ``crs`` is never guessed."""

    crs = ma.fields.String(required=True, validate=ma.validate.OneOf([str(c) for c in Crs]))
    points = ma.fields.List(
        ma.fields.Tuple((Degrees(most=180), Degrees(most=180))),
        required=True,
        validate=ma.validate.Length(max=10_000),
        metadata={"description": "[lng, lat] each; 4 to 500, the last as the first"},
    )


def _codes(most: int) -> Any:
    return ma.fields.List(Code(), load_default=list, validate=ma.validate.Length(max=most))


def _keys() -> Any:
    return ma.fields.List(ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=500))


class AudienceShape(Shape):
    """Places x people: all places together, and at each of them these people.

    Beside households or residents ``people`` has ``all``: whether anybody is reached would tell of
    them what they are.
    """

    areas = _codes(200)
    divisions = _codes(50)
    polygon = ma.fields.Nested(OutlineShape, load_default=None, allow_none=True)
    households = _keys()
    residents = _keys()
    people = ma.fields.List(
        ma.fields.String(validate=ma.validate.OneOf(WORDS)),
        load_default=lambda: ["all"],
        metadata={"description": "Has all where households or residents are named"},
    )
    matters = _codes(20)

    @ma.validates_schema
    def _somewhere(self, data: dict[str, Any], **_: Any) -> None:
        named = ("areas", "divisions", "households", "residents", "polygon")
        if not any(data[name] for name in named):
            raise ma.ValidationError("required", "areas")
        if not data["people"] and not data["matters"]:
            raise ma.ValidationError("required", "people")
        if (data["households"] or data["residents"]) and "all" not in data["people"]:
            raise ma.ValidationError("named", "people")


class NewNotice(Shape):
    """A draft."""

    title = Text(required=True, most=200)
    body_md = Text(required=True, most=MOST_WORDS, metadata={"description": "Markdown"})
    title_en = Text(load_default=None, allow_none=True, most=200)
    body_en_md = Text(load_default=None, allow_none=True, most=MOST_WORDS)
    large_text = Text(
        load_default=None,
        allow_none=True,
        most=MOST_WORDS,
        metadata={"description": "For large print; made from the text if left out"},
    )
    read_aloud = Text(
        load_default=None,
        allow_none=True,
        most=MOST_WORDS,
        metadata={"description": "For a voice; made from the text if left out"},
    )
    kind = ma.fields.String(load_default="general", validate=ma.validate.OneOf(KINDS))
    priority = ma.fields.String(load_default="ordinary", validate=ma.validate.OneOf(PRIORITIES))
    drill = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})
    pinned = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})
    needs_ack = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})
    ack_by = Instant(load_default=None, allow_none=True, format="iso")
    audience = ma.fields.Nested(AudienceShape, required=True)
    publish_at = Instant(load_default=None, allow_none=True, format="iso")
    expires_at = Instant(load_default=None, allow_none=True, format="iso")


class NoticeCorrection(NewNotice):
    """A new revision of what is published, and what changed, in words for its readers."""

    change_note = Text(required=True, most=500)


class ReasonShape(Shape):
    """Why."""

    reason = Text(required=True, most=500)


class NoticeQuery(PageQuery):
    """Which notices."""

    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf([str(s) for s in State]))


class WordOfPriority(ma.fields.String):
    """A priority as its word."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return Priority(value).word


def _moment() -> Any:
    return ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


def _maybe() -> Any:
    return ma.fields.String(required=True, allow_none=True)


class NoticeShape(Shape):
    """A notice as staff see it."""

    id = ma.fields.UUID(required=True)
    root_id = ma.fields.UUID(required=True, metadata={"description": "The same for all revisions"})
    revision = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    priority = WordOfPriority(required=True)
    drill = ma.fields.Boolean(required=True)
    pinned = ma.fields.Boolean(required=True)
    needs_ack = ma.fields.Boolean(required=True)
    ack_by = _moment()
    title = ma.fields.String(required=True)
    body_md = ma.fields.String(required=True)
    body_html = ma.fields.String(required=True)
    title_en = _maybe()
    body_en_md = _maybe()
    body_en_html = _maybe()
    large_text = ma.fields.String(required=True)
    read_aloud = ma.fields.String(required=True)
    change_note = _maybe()
    attachments = attachment_list()
    audience = ma.fields.Dict(required=True)
    area_codes = ma.fields.List(ma.fields.String(), required=True)
    drafted_at = ma.fields.AwareDateTime(required=True, format="iso")
    publish_at = _moment()
    published_at = _moment()
    publish_seq = ma.fields.Integer(required=True, allow_none=True)
    expires_at = _moment()
    ended_at = _moment()


class NoticePage(Shape):
    """Some notices."""

    items = ma.fields.List(ma.fields.Nested(NoticeShape), required=True)
    next = _maybe()


class VersionShape(Shape):
    """A step of a notice; ``changed`` names the fields that differ from the text before."""

    version = ma.fields.Integer(required=True)
    step = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    reason = _maybe()
    changed = ma.fields.List(ma.fields.String(), required=True)
    content = ma.fields.Dict(required=True, allow_none=True)


class VersionPage(Shape):
    """Some steps, the newest first."""

    items = ma.fields.List(ma.fields.Nested(VersionShape), required=True)
    next = _maybe()
