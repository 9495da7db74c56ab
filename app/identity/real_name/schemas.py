"""The wire shapes of proving who one is."""

from typing import Any

import marshmallow as ma

from app.http.shapes import Pattern, Shape, Text
from app.identity.documents import Document

BORN = "The day of birth, wanted where the number does not say it (passports, travel permits)"


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


class Voucher(Shape):
    """A voucher of the network identity service."""

    voucher = Pattern(r"[!-~]{8,2000}", required=True)


class NewProof(Shape):
    """Who showed what at the desk."""

    phone = Text(required=True, most=30, metadata={"description": "The phone they sign in with"})
    document = ma.fields.String(
        required=True, validate=ma.validate.OneOf([str(each) for each in Document])
    )
    number = Text(required=True, most=30)
    born = ma.fields.Date(load_default=None, metadata={"description": BORN})
    name = Text(required=True, most=100)
    reason = Text(required=True, most=200, metadata={"description": "Why at a desk"})


class NumberShown(Shape):
    """What the second clerk reads off the document."""

    number = Text(required=True, most=30)
    born = ma.fields.Date(load_default=None, metadata={"description": BORN})


class ProofShape(Shape):
    """A proof as clerks see it: no phone, no number, no name."""

    id = ma.fields.UUID(required=True)
    document = ma.fields.String(required=True)
    area_code = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    state = ma.fields.String(
        required=True, metadata={"description": "proposed, confirmed, declined or lapsed"}
    )
    version = ma.fields.Integer(required=True)
    proposed_at = ma.fields.AwareDateTime(required=True)
    lapses_at = ma.fields.AwareDateTime(required=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    proposed_by_me = ma.fields.Boolean(required=True)


class ProofPage(Shape):
    """Some of the proofs."""

    items = ma.fields.List(ma.fields.Nested(ProofShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
