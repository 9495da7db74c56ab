"""The wire shapes of oneself."""

import marshmallow as ma

from app.areas.schemas import AreaShape
from app.http.shapes import Shape, Text
from app.sync.reconcile.schemas import AsOf


class PhoneSharing(Shape):
    """The phone of the account, said once more: the platform itself does not keep it."""

    phone = Text(required=True, most=30, metadata={"description": "A mainland mobile number"})


class ProfileShape(Shape):
    """What somebody sees of themselves, masked, and what they agreed to."""

    account_id = ma.fields.UUID(required=True)
    level = ma.fields.Integer(required=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    name = ma.fields.String(required=True, allow_none=True)
    id_number = ma.fields.String(required=True, allow_none=True)
    shares_phone = ma.fields.Boolean(required=True)
    areas = ma.fields.List(ma.fields.Nested(AreaShape), required=True)
    register_as_of = AsOf()
