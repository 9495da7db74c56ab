"""The wire shapes of preferences."""

from datetime import time
from typing import Any

import marshmallow as ma

from app.http.shapes import Pattern, Shape
from notices.channels.choice import PUSH, SMS, WECHAT
from notices.channels.preferences.quiet import QuietHours
from notices.model.kinds import KINDS

CHANNELS = (PUSH, WECHAT, SMS)
"""Those that reach a person."""
HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class Hour(Pattern):
    """A time of the day in Asia/Shanghai, to the minute."""

    def __init__(self, **options: Any) -> None:
        super().__init__(HOUR, metadata={"description": "HH:MM in Asia/Shanghai"}, **options)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value.strftime("%H:%M")


class QuietShape(Shape):
    """Every day from ``start`` to ``end``; an earlier ``end`` is that of the next day."""

    start = Hour(required=True)
    end = Hour(required=True)

    @ma.validates_schema
    def _some(self, data: dict[str, Any], **_: Any) -> None:
        if data["start"] == data["end"]:
            raise ma.ValidationError("invalid", "end")

    @ma.post_load
    def _hours(self, data: dict[str, Any], **_: Any) -> QuietHours:
        return QuietHours(time.fromisoformat(data["start"]), time.fromisoformat(data["end"]))


class SlotShape(Shape):
    """A kind of notice on a channel."""

    channel = ma.fields.String(required=True, validate=ma.validate.OneOf(CHANNELS))
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))


class PreferencesBody(Shape):
    """All that is refused, and the quiet hours; what is left out is not refused any more."""

    refused = ma.fields.List(
        ma.fields.Nested(SlotShape),
        required=True,
        validate=ma.validate.Length(max=len(CHANNELS) * len(KINDS)),
    )
    quiet = ma.fields.Nested(QuietShape, required=True, allow_none=True)


class PreferencesShape(Shape):
    """What counts now. All of it still stands in the inbox; emergencies ask nobody."""

    refused = ma.fields.List(ma.fields.Nested(SlotShape), required=True)
    quiet = ma.fields.Nested(QuietShape, required=True, allow_none=True)
    quiet_ends = ma.fields.AwareDateTime(
        required=True,
        allow_none=True,
        format="iso",
        metadata={"description": "When the quiet ends that reigns now; null: none does"},
    )
