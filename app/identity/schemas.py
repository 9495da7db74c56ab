"""The wire shapes of signing in and of oneself."""

from typing import Any

import marshmallow as ma

from app.areas.schemas import AreaShape
from app.http.shapes import Pattern, Shape, Text
from app.sync.reconcile.schemas import AsOf


class NewChallenge(Shape):
    """Whom to send a code to."""

    phone = Text(required=True, most=30, metadata={"description": "A mainland mobile number"})


class ChallengeShape(Shape):
    """A code is on its way."""

    challenge_id = ma.fields.UUID(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})


class NewSession(Shape):
    """The code that came, and a name for the device."""

    challenge_id = ma.fields.UUID(required=True)
    code = Pattern(r"[0-9]{6}", required=True)
    device = Text(required=True, most=60)


class Refresh(Shape):
    """A refresh token, and an id that the phone has kept before it calls."""

    refresh_token = Pattern(r"[A-Za-z0-9_-]{20,100}", required=True)
    rotation_id = ma.fields.UUID(required=True)


class SessionShape(Shape):
    """Tokens: the access token for ten minutes, the refresh token for its one next use."""

    access_token = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})
    refresh_token = ma.fields.String(required=True)


class Agreed(ma.fields.Boolean):
    """True or false and nothing that may pass for it: nobody agrees by a ``1``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=None)
        return bool(super()._deserialize(value, attr, data, **kwargs))


class Verification(Shape):
    """A name and a resident number, to be matched with the population register."""

    name = Text(required=True, most=100)
    id_number = Text(required=True, most=30)
    share_phone = Agreed(
        load_default=False,
        metadata={"description": "I agree that the district learns the phone of this account"},
    )
    phone = Text(
        load_default=None,
        most=30,
        metadata={"description": "with share_phone: the phone, which the platform does not keep"},
    )


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
