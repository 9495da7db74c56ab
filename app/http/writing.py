"""How the rows of a shape are written: planned once, so that a long page costs little.

The library asks each field of each row anew where its value lies, and copies what is fit for JSON
as it is. That was most of what a page cost. A plan fetches the values of a row at once and passes
them on; whatever is not plain (a field with ways of its own, a value of another type, a row that
lacks something) goes the library's way, and the outcome is the same.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from operator import attrgetter, itemgetter
from types import NoneType
from typing import Any
from uuid import UUID

from marshmallow import fields

Written = dict[str, Any]
Write = Callable[[Any], Written]

PLAIN: tuple[tuple[type[fields.Field[Any]], frozenset[type]], ...] = (
    (fields.Date, frozenset({NoneType, date})),
    (fields.DateTime, frozenset({NoneType, datetime})),
    (fields.Boolean, frozenset({NoneType, bool})),
    (fields.Integer, frozenset({NoneType, int})),
    (fields.Float, frozenset({NoneType, float})),
    (fields.String, frozenset({NoneType, str, UUID})),
)
"""Kinds of fields, and the types that they pass on as orjson writes them."""

AS_USUAL = (None, "iso")
"""Formats of moments that are what orjson writes."""


def planned(shape: Mapping[str, fields.Field[Any]], slowly: Callable[[Any], Written]) -> Write:
    """Return what writes a row of the fields ``shape``; ``slowly`` is the library's way.

    A row is a tuple with names, a dictionary, or an object with attributes.
    """
    of_values = {name: field for name, field in shape.items() if field._CHECK_ATTRIBUTE}
    of_rows = [
        (_key(name, field), field, name) for name, field in shape.items() if name not in of_values
    ]
    if not of_values:
        return slowly
    steps = [(_key(name, field), _plain(field), field, name) for name, field in of_values.items()]
    names = [field.attribute or name for name, field in of_values.items()]
    by_name, by_key = _all_of(attrgetter, names), _all_of(itemgetter, names)

    def write(row: Any) -> Written:
        kind = type(row)
        if kind is not dict and hasattr(kind, "__getitem__") and not issubclass(kind, tuple):
            return slowly(row)
        try:
            values = (by_key if kind is dict else by_name)(row)
        except (AttributeError, KeyError):  # what is missing is left out
            return slowly(row)
        written = {
            key: value if type(value) in plain else field._serialize(value, name, row)
            for (key, plain, field, name), value in zip(steps, values, strict=True)
        }
        for key, field, name in of_rows:
            written[key] = field._serialize(None, name, row)
        return written

    return write


def _key(name: str, field: fields.Field[Any]) -> str:
    return name if field.data_key is None else field.data_key


def _plain(field: fields.Field[Any]) -> frozenset[type]:
    """Return the types of values that a field would hand on unchanged."""
    usual = getattr(field, "format", None) in AS_USUAL and not getattr(field, "as_string", False)
    for kind, plain in PLAIN:
        if isinstance(field, kind):
            usual = usual and type(field)._serialize is kind._serialize
            return plain if usual else frozenset()
    return frozenset()


def _all_of(getter: Callable[..., Callable[[Any], Any]], names: list[str]) -> Callable[[Any], Any]:
    """Return what fetches all of some names as a tuple, also where it is one name."""
    fetch = getter(*names)
    return fetch if len(names) > 1 else lambda row: (fetch(row),)
