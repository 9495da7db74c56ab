"""One cell of a database as text.

A truth is ``1`` or ``0``; a day and a moment are ISO 8601 (a moment with ``T``, and with its
offset if the column keeps one); a number is a plain decimal. Bytes that are no text make their
row unreadable, and so does text that is not of its character set.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.sync.connectors.protocol import SourceRefused

SURROGATE = re.compile(r"[\ud800-\udfff]")
LARGEST_CELL = 2 << 20
"""Bytes, or characters: no kind of field holds as much."""

SHOWN = 20_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Strange(ValueError):
    """A cell that is no text; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code for the books."""
        super().__init__(code)
        self.code = code


def _number(value: Decimal | float) -> str:
    found = value if isinstance(value, Decimal) else Decimal(repr(value))
    return format(found, "f")


def _duration(value: timedelta) -> str:
    seconds = abs(value) // timedelta(seconds=1)
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _binary(_: object) -> str:
    raise Strange("BINARY_CELL")


SPELLED: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "1" if value else "0",
    int: str,
    float: _number,
    Decimal: _number,
    date: date.isoformat,
    datetime: datetime.isoformat,
    time: time.isoformat,
    timedelta: _duration,
    UUID: str,
    bytes: _binary,
    bytearray: _binary,
    memoryview: _binary,
}


def spell(value: Any) -> str | None:
    """Return a cell as text; none if it is empty.

    Raises:
        Strange: it is binary, a structure, or not of its character set.
    """
    if value is None:
        return None
    if isinstance(value, str):
        if len(value) > LARGEST_CELL:
            raise Strange("CELL_TOO_LARGE")
        if not value.isascii() and SURROGATE.search(value):
            raise Strange("BAD_BYTES")
        return value
    if type(value) not in SPELLED:
        raise Strange("STRANGE_CELL")
    return SPELLED[type(value)](value)


def micros(value: datetime, utc_offset: timedelta) -> int:
    """Return the microseconds from the epoch to a moment, of the source's wall if it is naive."""
    aware = value if value.tzinfo else value.replace(tzinfo=timezone(utc_offset))
    return (aware - EPOCH) // MICROSECOND


def change_of(value: Any, utc_offset: timedelta) -> str | None:
    """Return a change as a version: its microseconds or its number."""
    if isinstance(value, datetime):
        return str(micros(value, utc_offset))
    return None if value is None else spell(value)


def key_of(value: Any) -> str | int:
    """Return a key as the cursor keeps it, of the type that its column has.

    Raises:
        SourceRefused: it is no key, or not of its character set; there is no going on from it.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, str):
        raise SourceRefused("KEY_NOT_A_TEXT", "a key is neither text nor a whole number")
    if _broken(value):
        raise SourceRefused("BAD_BYTES", "a key is not of its character set")
    return value


def odd(value: str | None) -> bool:
    """Tell whether a text cannot stand as it is: too large, or not of its character set."""
    return value is not None and (len(value) > LARGEST_CELL or _broken(value))


def shown(value: Any) -> str:
    """Return what is shown of a cell that could not be spelled."""
    if isinstance(value, str):
        return value[:SHOWN].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    return f"<{type(value).__name__}>"


def _broken(value: str | None) -> bool:
    return value is not None and not value.isascii() and SURROGATE.search(value) is not None
