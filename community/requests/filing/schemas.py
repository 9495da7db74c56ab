"""The wire shapes of filing."""

import re
from typing import Any

import marshmallow as ma

from app.http.places import OwnPlaceShape, PlaceShape
from app.http.shapes import Code, Pattern, Shape, Text

UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
KEY = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}"
ONE_OF_TWO = "required"


class OwnId(ma.fields.UUID):
    """A time-ordered id (UUID version 7, RFC 9562) that the client drew for its draft."""

    def __init__(self, **options: Any) -> None:
        metadata = {"pattern": f"^{UUID7}$", **options.pop("metadata", {})}
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(UUID7, value):
            raise ma.ValidationError("pattern")
        return super()._deserialize(value, attr, data, **kwargs)


class AboutWhom(Shape):
    """Who is complained about: a department, or whoever handled an earlier request of one's own."""

    department = Code(load_default=None)
    request = ma.fields.UUID(load_default=None)

    @ma.validates_schema
    def one(self, data: dict[str, Any], **_options: Any) -> None:
        """Want exactly one of the two."""
        if bool(data.get("department")) == bool(data.get("request")):
            raise ma.ValidationError(ONE_OF_TWO, "department")


class Asked(Shape):
    """What every way of filing has."""

    id = OwnId(metadata={"description": "the client's own id: a repeat is the same case"})
    matter = Code(required=True)
    words = Text(required=True, most=2000)
    place = ma.fields.Nested(PlaceShape)
    confidential = ma.fields.Boolean(truthy={True}, falsy={False}, load_default=False)
    complaint_about = ma.fields.Nested(AboutWhom)
    photos = ma.fields.List(
        ma.fields.UUID(),
        load_default=list,
        validate=ma.validate.Length(max=9),
        metadata={"description": "photos that the caller has uploaded, by their ids"},
    )
    proof = Code(metadata={"description": "a code of /rules/not-accepted"})
    issuer = ma.fields.String(validate=ma.validate.OneOf(["community", "department"]))


class NewRequest(Asked):
    """What is asked, in words, and where: a point, or ``at_home`` as the register has it.

    ``mandate`` names the mandate by which it is filed for another. ``confidential`` keeps it out of
    the public view, and so does a complaint: who is complained about never sees it.
    """

    place = ma.fields.Nested(OwnPlaceShape)
    at_home = ma.fields.Boolean(truthy={True}, falsy={False}, load_default=False)
    mandate = ma.fields.UUID()

    @ma.validates_schema
    def somewhere(self, data: dict[str, Any], **_options: Any) -> None:
        """Want exactly one way to say where."""
        if bool(data.get("place")) == data.get("at_home", False):
            raise ma.ValidationError(ONE_OF_TWO, "place")


class AtDesk(Asked):
    """What somebody asks at a desk or on the phone; the clerk gives a point or an address."""

    address = Pattern(KEY, metadata={"description": "the key of the register's address"})
    contact = Text(most=200, load_default=None)

    @ma.validates_schema
    def somewhere(self, data: dict[str, Any], **_options: Any) -> None:
        """Want exactly one way to say where."""
        if bool(data.get("place")) == bool(data.get("address")):
            raise ma.ValidationError(ONE_OF_TWO, "place")


class DeskRequest(AtDesk):
    """A walk-in, or somebody on the phone."""

    channel = ma.fields.String(load_default="desk", validate=ma.validate.OneOf(["desk", "phone"]))


class HotlineRequest(AtDesk):
    """A case that the 12345 hotline passes on; its number makes a repeat the same case."""

    hotline_number = Pattern(KEY, required=True)
