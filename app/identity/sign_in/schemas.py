"""The wire shapes of signing in."""

from typing import Any

import marshmallow as ma

from app.http.shapes import CONTROL, WORDS, Pattern, Shape, Text
from app.identity.codes import Purpose
from app.identity.codes.schemas import SixDigits


class NewChallenge(Shape):
    """Whom to send a code to."""

    phone = Text(required=True, most=30, metadata={"description": "A mainland mobile number"})


class ChallengeShape(Shape):
    """A code is on its way."""

    challenge_id = ma.fields.UUID(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})


class NewSession(Shape):
    """The code that came, and a name for the device.

    ``arrival``: who arrived by a provider and was asked for a phone; the two are linked.
    """

    challenge_id = ma.fields.UUID(required=True)
    code = SixDigits(required=True)
    device = Text(required=True, most=60)
    arrival = ma.fields.UUID(load_default=None)


class Password(ma.fields.String):
    """A password: any characters that people can type, nothing trimmed."""

    def __init__(self, **options: Any) -> None:
        length = ma.validate.Length(min=1, max=256)
        super().__init__(validate=length, metadata={"pattern": WORDS}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not isinstance(text, str) or CONTROL.search(text):
            raise ma.ValidationError("control-characters")
        if text and not text.strip():
            raise ma.ValidationError("blank")
        return text


class PasswordSession(Shape):
    """Phone and password, and a name for the device."""

    phone = Text(required=True, most=30)
    password = Password(required=True)
    device = Text(required=True, most=60)


class OwnChallenge(Shape):
    """What a code is for, and one's phone, of which the platform keeps an index only."""

    purpose = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf([str(each) for each in Purpose if each != Purpose.SIGN_IN]),
    )
    phone = Text(required=True, most=30)


class CodeShown(Shape):
    """A code that came."""

    challenge_id = ma.fields.UUID(required=True)
    code = SixDigits(required=True)


class NewPassword(CodeShown):
    """A password, and a code of purpose ``password``."""

    password = Password(required=True)


class MovedPhone(CodeShown):
    """A code of purpose ``step-up`` from the old phone and one of ``phone`` from the new."""

    new_challenge_id = ma.fields.UUID(required=True)
    new_code = SixDigits(required=True)


class SentShape(Shape):
    """Where to go."""

    visit_id = ma.fields.UUID(required=True)
    go_to = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class CameBack(Shape):
    """What the provider gave; visit and state where somebody was sent there."""

    provider_code = Pattern(r"[!-~]{1,2000}", required=True)
    visit_id = ma.fields.UUID(load_default=None)
    state = Pattern(r"[A-Za-z0-9_-]{1,200}", load_default=None)


class ProviderSession(CameBack):
    """What the provider gave, and a name for the device."""

    device = Text(required=True, most=60)


class ProviderLinkWanted(CameBack):
    """What the provider gave, and a code of purpose ``link``."""

    challenge_id = ma.fields.UUID(required=True)
    code = SixDigits(required=True)


class ProviderLinkShape(Shape):
    """A provider by which somebody can sign in."""

    provider = ma.fields.String(required=True)
    linked_at = ma.fields.AwareDateTime(required=True)


class ProviderLinkList(Shape):
    """All of them; there are a few at most."""

    items = ma.fields.List(ma.fields.Nested(ProviderLinkShape), required=True)
