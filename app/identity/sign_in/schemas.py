"""The wire shapes of signing in."""

import marshmallow as ma

from app.http.shapes import Shape, Text
from app.identity.codes.schemas import SixDigits


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
    code = SixDigits(required=True)
    device = Text(required=True, most=60)
