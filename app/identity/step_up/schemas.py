"""The wire shapes of second factors."""

import marshmallow as ma

from app.http.shapes import Shape, Text


class ProofPhone(Shape):
    """The phone of the account, said once more: the platform itself does not keep it."""

    phone = Text(required=True, most=30, metadata={"description": "A mainland mobile number"})


class ProofSent(Shape):
    """A code is on its way."""

    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})


class Proof(Shape):
    """A code: of the authenticator, a recovery code, or the one that came to the phone."""

    code = Text(required=True, most=40)


class EnrolmentShape(Shape):
    """A secret to be read into an authenticator app; it is shown once."""

    secret = ma.fields.String(required=True, metadata={"description": "base32"})
    address = ma.fields.String(required=True, metadata={"description": "otpauth: address"})


class RecoveryCodes(Shape):
    """Codes to be kept on paper, each good once; they are shown this once."""

    recovery_codes = ma.fields.List(ma.fields.String(), required=True)
