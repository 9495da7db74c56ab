"""From bytes to checked values: strict JSON, strict query strings, faults by pointer."""

import json
from collections.abc import Iterator
from typing import Any

import marshmallow as ma
from flask import request

from app.errors import FieldFault, Invalid, Malformed, Words
from app.http.refusals import MediaTypeRefused

SPOKEN = {
    "required": Words("此项必填", "This is required"),
    "unknown": Words("没有这个字段", "There is no such field"),
    "null": Words("不能为空值", "This may not be null"),
    "length": Words("长度不在允许范围内", "The length is out of bounds"),
    "range": Words("数值不在允许范围内", "The value is out of bounds"),
    "choice": Words("不是可选的值", "This is not one of the choices"),
    "pattern": Words("格式不正确", "The form is not right"),
    "control-characters": Words("含有不允许的控制字符", "Control characters are not allowed"),
    "blank": Words("不能为空白", "This may not be blank"),
    "repeated": Words("参数只能出现一次", "This may be given only once"),
    "named": Words("点名的须对其所有人发送", "Who is named is meant by name: say all"),
    "invalid": Words("值无效", "The value is not valid"),
}

FROM_LIBRARY = (
    ("Missing data", "required"),
    ("Unknown field", "unknown"),
    ("Field may not be null", "null"),
    ("Length must", "length"),
    ("Shorter than", "length"),
    ("Longer than", "length"),
    ("Must be greater", "range"),
    ("Must be less", "range"),
    ("Must be one of", "choice"),
)


def read_body(schema: ma.Schema) -> Any:
    """Return the JSON body as ``schema`` reads it.

    Raises:
        MediaTypeRefused: the body does not say that it is JSON.
        Malformed: it is not JSON: bad UTF-8, a key twice, NaN, or nested past reading.
        Invalid: it is JSON of another shape.
    """
    if request.mimetype != "application/json":
        raise MediaTypeRefused
    try:
        value = json.loads(
            request.get_data().decode(), object_pairs_hook=_no_key_twice, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as fault:
        raise Malformed from fault
    return _load(schema, value)


def read_query(schema: ma.Schema) -> Any:
    """Return the query string as ``schema`` reads it; a parameter given twice is a fault.

    Raises:
        Invalid: a parameter is unknown, repeated or not right.
    """
    given = request.args
    if len(given) != sum(1 for _ in given.items(multi=True)):
        twice = [name for name, values in given.lists() if len(values) > 1]
        raise Invalid([_fault(f"/{name}", "repeated") for name in sorted(twice)])
    return _load(schema, given.to_dict())


def _load(schema: ma.Schema, value: object) -> Any:
    try:
        return schema.load(value)  # type: ignore[arg-type]
    except ma.ValidationError as fault:
        raise Invalid(list(_faults("", fault.messages))) from fault


def _faults(pointer: str, messages: Any) -> Iterator[FieldFault]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            here = pointer if name == "_schema" else f"{pointer}/{_safe(str(name))}"
            yield from _faults(here, inner)
    else:
        for message in messages:
            yield _fault(pointer, _code_of(str(message)))


def _fault(pointer: str, code: str) -> FieldFault:
    return FieldFault(pointer, code, SPOKEN[code])


def _code_of(message: str) -> str:
    if message in SPOKEN:
        return message
    return next((code for start, code in FROM_LIBRARY if message.startswith(start)), "invalid")


def _safe(name: str) -> str:
    """Keep a field's name only if it could be one of ours: a caller may have put anything there."""
    return name if name.isascii() and name.replace("_", "").isalnum() and len(name) < 40 else "?"


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)
