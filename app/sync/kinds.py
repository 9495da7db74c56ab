"""How a field of a record is read: text in, canonical text out, or a named reason why not.

Canonical text is what is hashed, stored and compared: NFC, trimmed; dates as ISO; numbers as
plain decimals. An empty text is the same as none (Oracle-like sources cannot tell them apart).
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

Kind = Callable[[str], str]

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:/._-]{0,127}")
LONGEST_TEXT = 4000
LONGEST_DOCUMENT = 1_000_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class FieldRefused(ValueError):
    """The text is not of the field's kind; ``code`` says why and the value is not repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(value: str) -> str:
    """Read words."""
    found = unicodedata.normalize("NFC", value).strip()
    if len(found) > LONGEST_TEXT:
        raise FieldRefused("TOO_LONG")
    if CONTROL.search(found):
        raise FieldRefused("CONTROL_CHARACTERS")
    return found


def code(value: str) -> str:
    """Read a code; always text, whatever it looks like."""
    return _matching(CODE, value, "NOT_A_CODE")


def key(value: str) -> str:
    """Read the key of another record, as its source spells it."""
    return _matching(KEY, value, "NOT_A_KEY")


def day(value: str) -> str:
    """Read a calendar day, ISO 8601."""
    found = value.strip()
    try:
        return date.fromisoformat(found).isoformat()
    except ValueError as fault:
        raise FieldRefused("NOT_A_DATE") from fault


def whole(low: int, high: int) -> Kind:
    """Return the kind of a whole number in bounds."""

    def in_bounds(value: str) -> str:
        found = value.strip()
        if not re.fullmatch(r"-?[0-9]{1,18}", found, re.ASCII):
            raise FieldRefused("NOT_A_NUMBER")
        if not low <= int(found) <= high:
            raise FieldRefused("OUT_OF_BOUNDS")
        return str(int(found))

    return in_bounds


def decimal(low: int, high: int) -> Kind:
    """Return the kind of a plain decimal number in bounds."""

    def in_bounds(value: str) -> str:
        if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,15})?", value.strip(), re.ASCII):
            raise FieldRefused("NOT_A_NUMBER")
        found = Decimal(value.strip())
        if not low <= found <= high:
            raise FieldRefused("OUT_OF_BOUNDS")
        return format(found.normalize(), "f")

    return in_bounds


def document(value: str) -> str:
    """Read a JSON document, keys sorted."""
    if len(value) > LONGEST_DOCUMENT:
        raise FieldRefused("TOO_LONG")
    try:
        found = json.loads(value, parse_constant=_no_number, parse_float=_finite)
        text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError) as fault:
        raise FieldRefused("NOT_JSON") from fault
    if "\\u0000" in text or CONTROL.search(text):  # jsonb knows neither NUL nor half a surrogate
        raise FieldRefused("CONTROL_CHARACTERS")
    return text


def choice(*allowed: str) -> Kind:
    """Return the kind of a field with a closed list of values."""

    def one_of(value: str) -> str:
        found = value.strip()
        if found not in allowed:
            raise FieldRefused("NOT_A_CHOICE")
        return found

    return one_of


def _no_number(name: str) -> None:
    raise ValueError(name)


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError("not finite")
    return found


def _matching(form: re.Pattern[str], value: str, otherwise: str) -> str:
    found = value.strip()
    if not form.fullmatch(found):
        raise FieldRefused(otherwise)
    return found
