"""The wire shapes of mandates."""

from typing import Any

import marshmallow as ma

from app.http.shapes import Code, Day, PageQuery, Pattern, Shape, Text
from app.identity.mandates.lifecycle import Party, Power, State

POWERS = tuple(str(power) for power in Power)


class NewMandate(Shape):
    """For whom somebody wants to act, in what, how, and from when to when.

    ``matters`` null or left out: all. ``valid_to`` is the first day on which it does not count.
    """

    name = Text(required=True, most=100)
    id_number = Text(required=True, most=30)
    matters = ma.fields.List(Code(), load_default=None, validate=ma.validate.Length(1, 50))
    powers = ma.fields.List(
        ma.fields.String(validate=ma.validate.OneOf(POWERS)),
        required=True,
        validate=ma.validate.Length(1, len(POWERS)),
    )
    valid_from = Day(required=True)
    valid_to = Day(required=True)
    mandate = ma.fields.UUID(
        load_default=None,
        metadata={"description": "a mandate to be handed on: always refused (民法典 169)"},
    )


class MandateCode(Shape):
    """The code that the principal was sent and has told the agent."""

    code = Pattern(r"[0-9]{6}", required=True)


class DeskSignature(Shape):
    """The number on the card that the principal has brought."""

    id_number = Text(required=True, most=30)


class CodeSent(Shape):
    """A code is on its way to the principal."""

    expires_in = ma.fields.Integer(required=True, metadata={"description": "seconds"})


class MandateQuery(PageQuery):
    """As whom: ``agent`` (I act for others) or ``principal`` (others act for me)."""

    side = ma.fields.String(
        load_default="agent", validate=ma.validate.OneOf(("agent", "principal"))
    )


class MandateShape(Shape):
    """A mandate as the caller sees it; ``text`` is the written form, for its parties alone."""

    id = ma.fields.UUID(required=True)
    side = ma.fields.String(required=True, validate=ma.validate.OneOf(list(Party)))
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(State)))
    agent_name = ma.fields.String(required=True, allow_none=True)
    principal_name = ma.fields.String(required=True, allow_none=True)
    matters = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    powers = ma.fields.List(ma.fields.String(), required=True)
    valid_from = ma.fields.Date(required=True)
    valid_to = ma.fields.Date(required=True)
    proposed_at = ma.fields.AwareDateTime(required=True, format="iso")
    lapses_at = ma.fields.AwareDateTime(required=True, format="iso")
    signed_how = ma.fields.String(required=True, allow_none=True)
    signed_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")
    desk_signed_once = ma.fields.Boolean(required=True)
    text = ma.fields.String(required=True, allow_none=True)
    version = ma.fields.Integer(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read what the view knows of its row from the row."""
        if attr == "desk_signed_once":
            return obj.row.desk_first_by is not None
        of_view = ("side", "state", "agent_name", "principal_name", "text")
        return super().get_attribute(obj if attr in of_view else obj.row, attr, default)


class MandatePage(Shape):
    """Some mandates, the newest first."""

    items = ma.fields.List(ma.fields.Nested(MandateShape), required=True)
    next = ma.fields.String(required=True, allow_none=True)
