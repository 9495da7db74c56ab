"""Shapes of the wire: strict fields that refuse what a database or a log would choke on."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import marshmallow as ma

from app.http.writing import planned

CODE = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
WORDS = (
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*"
    r"[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
)
"""No control characters, and something to be seen."""


class Shape(ma.Schema):
    """A body, a query or an answer; unknown fields are refused."""

    class Meta:
        """Refuse what is not named."""

        unknown = ma.RAISE

    _write: Callable[[Any], dict[str, Any]]
    _planned_for: dict[str, Any] | None = None

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        """Write rows by a plan, which the library would ask of each field of each row."""
        if many and obj is not None:
            return [self._serialize(each) for each in obj]
        if self._planned_for is not self.dump_fields:
            self._write, self._planned_for = (
                planned(self.dump_fields, super()._serialize),
                self.dump_fields,
            )
        return self._write(obj)


class Text(ma.fields.String):
    """Words of a person: not blank, bounded, without control characters or lone surrogates."""

    def __init__(self, *, most: int, least: int = 1, **options: Any) -> None:
        metadata = {"pattern": WORDS, **options.pop("metadata", {})}
        length = ma.validate.Length(min=least, max=most)
        super().__init__(validate=length, metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not isinstance(text, str) or CONTROL.search(text):
            raise ma.ValidationError("control-characters")
        if text and not text.strip():
            raise ma.ValidationError("blank")
        return text


class Pattern(ma.fields.String):
    """A short text of a fixed form: a code, a key, six digits."""

    def __init__(self, pattern: str, **options: Any) -> None:
        whole = re.compile(pattern)
        self.pattern = f"^{pattern}$"

        def check(value: str) -> None:
            if not whole.fullmatch(value):
                raise ma.ValidationError("pattern")

        metadata = {"pattern": self.pattern, **options.pop("metadata", {})}
        super().__init__(validate=check, metadata=metadata, **options)


class Code(Pattern):
    """A code of an area, a department, a matter or a point."""

    def __init__(self, **options: Any) -> None:
        super().__init__(CODE, **options)


class Whole(ma.fields.Integer):
    """A whole number in bounds; ``2.0`` is one (JSON Schema), "2" is one in a query only."""

    def __init__(self, *, low: int, high: int, **options: Any) -> None:
        super().__init__(validate=ma.validate.Range(low, high), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str):
            if not re.fullmatch(r"-?[0-9]{1,15}", value):
                raise self.make_error("invalid")
            if not isinstance(self.parent, Query):
                raise self.make_error("invalid")
        elif isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise self.make_error("invalid")
        return int(super()._deserialize(value, attr, data, **kwargs) or 0)


class Degrees(ma.fields.Float):
    """A longitude or latitude in decimal degrees."""

    def __init__(self, *, most: float, **options: Any) -> None:
        super().__init__(validate=ma.validate.Range(-most, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, str):
            in_query = isinstance(self.parent, Query)
            if not in_query or not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", value):
                raise self.make_error("invalid")
        elif isinstance(value, bool):
            raise self.make_error("invalid")
        return float(super()._deserialize(value, attr, data, **kwargs) or 0.0)


class Instant(ma.fields.AwareDateTime):
    """A moment with its offset, from 2000 to 2100."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"description": "from 2000 to 2100, with its offset"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            moment = super()._deserialize(value, attr, data, **kwargs)
            if not isinstance(moment, datetime) or not date(2000, 1, 1) <= moment.date() <= date(
                2100, 1, 1
            ):
                raise self.make_error("invalid", obj_type="datetime", input=None)
        except OverflowError as fault:
            raise self.make_error("invalid", obj_type="datetime", input=None) from fault
        return moment


class Day(ma.fields.Date):
    """A calendar day, from 2000 to 2100."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"description": "from 2000 to 2100"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day = super()._deserialize(value, attr, data, **kwargs)
        if not isinstance(day, date) or not date(2000, 1, 1) <= day <= date(2100, 1, 1):
            raise self.make_error("invalid", obj_type="date", input=None)
        return day


class Query(Shape):
    """Parameters in the query string; each at most once."""


class PageQuery(Query):
    """The two parameters of every list."""

    cursor = Pattern(r"[A-Za-z0-9_-]{1,600}", load_default=None, allow_none=False)
    limit = Whole(low=1, high=100, load_default=20)
