"""How a field of a record is read: text in, canonical text out, or a named reason why not.

Canonical text is what is hashed, stored and compared: NFC, trimmed; dates as ISO; numbers as
plain decimals. An empty text is the same as none (Oracle-like sources cannot tell them apart).

A kind is one rule, said twice: ``read`` says it for any one text; ``plain`` describes the texts
that ``read`` returns as they are, so that a million clean values are passed in one sweep over
their column and only the others are read one by one. A test holds the two together.
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from app.sync.contract.letters import Letters

CODE = Letters("A-Za-z0-9_-", 40, first="A-Za-z0-9")
KEY = Letters("A-Za-z0-9:/._-", 128, first="A-Za-z0-9")
CLEAN_DAY = (
    r"(?:19|20)[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
"""Every day of these centuries but the 29th of February, which has to be looked at."""

WORD = "!-~一-鿿，。、（）"
CLEAN_WORDS = Letters(f" {WORD}", 200, first=WORD, last=WORD)
LONGEST_TEXT = 4000
LONGEST_DOCUMENT = 1_000_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ROUNDED = "[0-9]{15}000"
EATEN = re.compile(rf"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{{1,2}}|{ROUNDED}")
"""A long number after a spreadsheet took it for a quantity: it keeps fifteen digits of eighteen."""

PRECISION_LOST = "PRECISION_LOST"

CheckDigit = Literal["ISO 7064 MOD 11-2"]
Calendar = Literal["ISO 8601"]
CALENDAR: Calendar = "ISO 8601"


class FieldRefused(ValueError):
    """The text is not of the field's kind; ``code`` says why and the value is not repeated."""

    def __init__(self, code: str) -> None:
        """Keep the code for the books."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field may hold.

    ``plain`` is an RE2 pattern for the whole text; with ``check_digit`` the last character must
    also complete the others. ``glance`` tells the same of a whole column at once, where it can be
    told by letters or by the calendar. ``described`` is the kind as the published contract has it
    (Table Schema: type, format, constraints; ``x-schema`` says of an object what JSON Schema can).
    """

    name: str
    read: Callable[[str], str]
    plain: str | None = None
    check_digit: CheckDigit | None = None
    described: Mapping[str, object] = field(default_factory=lambda: {"type": "string"})
    glance: Letters | Calendar | None = None

    def __call__(self, value: str) -> str:
        """Read one text.

        Raises:
            FieldRefused: of any kind, if a spreadsheet took what stood there for a quantity.
        """
        try:
            return self.read(value)
        except FieldRefused as fault:
            if EATEN.fullmatch(value.strip()):
                raise FieldRefused(PRECISION_LOST) from fault
            raise


def _text(value: str) -> str:
    found = unicodedata.normalize("NFC", value).strip()
    if len(found) > LONGEST_TEXT:
        raise FieldRefused("TOO_LONG")
    if CONTROL.search(found):
        raise FieldRefused("CONTROL_CHARACTERS")
    return found


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError as fault:
        raise FieldRefused("NOT_A_DATE") from fault


def _document(value: str) -> str:
    if len(value) > LONGEST_DOCUMENT:
        raise FieldRefused("TOO_LONG")
    try:
        found = json.loads(value, parse_constant=_no_number, parse_float=_finite)
        words = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError) as fault:
        raise FieldRefused("NOT_JSON") from fault
    if "\\u0000" in words or CONTROL.search(words):  # jsonb knows neither NUL nor half a surrogate
        raise FieldRefused("CONTROL_CHARACTERS")
    return words


def _spelled(name: str, letters: Letters, otherwise: str) -> Kind:
    """Return the kind of a text of some letters."""
    form = re.compile(letters.pattern)

    def match(value: str) -> str:
        found = value.strip()
        if form.fullmatch(found):
            return found
        raise FieldRefused(otherwise)

    described = {"type": "string", "constraints": {"pattern": letters.pattern}}
    return Kind(name, match, letters.pattern, described=described, glance=letters)


def whole(low: int, high: int) -> Kind:
    """Return the kind of a whole number in bounds."""

    def in_bounds(value: str) -> str:
        found = value.strip()
        if not re.fullmatch(r"-?[0-9]{1,19}", found, re.ASCII):
            raise FieldRefused("NOT_A_NUMBER")
        if not low <= int(found) <= high:
            raise FieldRefused("OUT_OF_BOUNDS")
        return str(int(found))

    # one digit fewer than the bound has is within it, whatever the digits
    plain = f"{'0|' if low == 0 else ''}[1-9][0-9]{{0,{len(str(high)) - 2}}}"
    bounds = {"minimum": low, "maximum": high}
    described = {"type": "integer", "constraints": bounds}
    return Kind("whole", in_bounds, plain if low in (0, 1) and high > 9 else None, None, described)


def decimal(low: int, high: int) -> Kind:
    """Return the kind of a plain decimal number in bounds."""

    def in_bounds(value: str) -> str:
        if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,15})?", value.strip(), re.ASCII):
            raise FieldRefused("NOT_A_NUMBER")
        found = Decimal(value.strip())
        if not low <= found <= high:
            raise FieldRefused("OUT_OF_BOUNDS")
        return format(found.normalize(), "f")

    before = "0|[1-9][0-9]?|1[0-7][0-9]" if high == 180 else "0|[1-8]?[1-9]"
    plain = f"(?:{before})(?:\\.[0-9]{{0,13}}[1-9])?" if high in (90, 180) else None
    bounds = {"minimum": low, "maximum": high}
    return Kind("decimal", in_bounds, plain, None, {"type": "number", "constraints": bounds})


def choice(*allowed: str) -> Kind:
    """Return the kind of a field with a closed list of values."""

    def one_of(value: str) -> str:
        found = value.strip()
        if found not in allowed:
            raise FieldRefused("NOT_A_CHOICE")
        return found

    plain = "|".join(re.escape(each) for each in allowed)
    described = {"type": "string", "constraints": {"enum": list(allowed)}}
    return Kind("choice", one_of, plain, described=described)


text = Kind(
    "text",
    _text,
    CLEAN_WORDS.pattern,
    described={"type": "string", "constraints": {"maxLength": LONGEST_TEXT}},
    glance=CLEAN_WORDS,
)
"""Words."""

code = _spelled("code", CODE, "NOT_A_CODE")
"""A code; always text, whatever it looks like."""

key = _spelled("key", KEY, "NOT_A_KEY")
"""The key of another record, as its source spells it."""

day = Kind(
    "day",
    _day,
    CLEAN_DAY,
    described={"type": "date", "format": "%Y-%m-%d"},
    glance=CALENDAR,
)
"""A calendar day, ISO 8601."""

document = Kind("document", _document)
"""A JSON document, keys sorted."""


def _no_number(name: str) -> None:
    raise ValueError(name)


def _finite(words: str) -> float:
    found = float(words)
    if not math.isfinite(found):
        raise ValueError("not finite")
    return found
