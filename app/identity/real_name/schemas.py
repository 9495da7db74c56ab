"""The wire shapes of proving who one is."""

from typing import Any

import marshmallow as ma

from app.http.shapes import Shape, Text


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
