"""Cells of a database laid into text columns.

A truth is ``1`` or ``0``; a day and a moment are ISO 8601 (a moment with ``T``, and with its
offset if the column keeps one); a number is a plain decimal. Bytes that are no text make their
row unreadable, and so does text that is not of its character set.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa

from app.sync.connectors.frontend.dialect import Row
from app.sync.connectors.protocol import Rows, SourceRefused, Unreadable

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


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a query become columns.

    A row is the columns of ``names`` in order, then 1 if a cell of it was too large to be sent,
    then the moment or number of its last change. With
    ``stamped`` that change is the version, too. Moments without an offset are of ``utc_offset``.
    """

    names: tuple[str, ...]
    stamped: bool
    utc_offset: timedelta
    midnight_is_day: bool


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


def lay(layout: Layout, rows: Sequence[Row]) -> Rows:
    """Lay rows into columns; those that cannot be read are told one by one."""
    bad: dict[int, str] = {}
    columns = list(zip(*rows, strict=True)) or [()] * (len(layout.names) + 2)
    table: dict[str, list[str | None]] = {}
    for name, column in zip(layout.names, columns, strict=False):
        table[name] = _texts(column, bad, layout.midnight_is_day)
    for place in (at for at, large in enumerate(columns[-2]) if large):
        bad[place] = "CELL_TOO_LARGE"
    if layout.stamped:
        table["ver"] = [change_of(value, layout.utc_offset) for value in columns[-1]]
    unreadable = [_unreadable(table, place, bad[place]) for place in sorted(bad)]
    if bad:
        for name, texts in table.items():
            table[name] = [text for place, text in enumerate(texts) if place not in bad]
    return Rows(
        pa.table({name: pa.array(texts, pa.string()) for name, texts in table.items()}),
        unreadable,
    )


def laid(rows: Rows) -> Rows:
    """Return what was laid already: what a page carries to whoever reads it.

    Columns travel to another process for next to nothing; rows of a driver's objects cost more on
    the way than their laying.
    """
    return rows


def _texts(column: Sequence[Any], bad: dict[int, str], midnight_is_day: bool) -> list[str | None]:
    kinds = set(map(type, column)) - {type(None)}
    if kinds == {int}:
        return [None if value is None else str(value) for value in column]
    if kinds <= {str} and not any(map(_odd, column)):
        return list(column)
    if datetime in kinds and midnight_is_day:
        column = [_day_at_midnight(value) for value in column]
    texts: list[str | None] = []
    for place, value in enumerate(column):
        try:
            texts.append(spell(value))
        except Strange as fault:
            bad.setdefault(place, fault.code)
            texts.append(_shown(value))
    return texts


def _odd(value: str | None) -> bool:
    return value is not None and (len(value) > LARGEST_CELL or _broken(value))


def _broken(value: str | None) -> bool:
    return value is not None and not value.isascii() and SURROGATE.search(value) is not None


def _day_at_midnight(value: Any) -> Any:
    if isinstance(value, datetime) and not value.tzinfo and value.time() == time(0):
        return value.date()
    return value


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value[:SHOWN].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    return f"<{type(value).__name__}>"


def _unreadable(table: dict[str, list[str | None]], place: int, code: str) -> Unreadable:
    """Name a row as it came; it stands in a list, so that nobody reads it again as a record."""
    row = {name: texts[place] for name, texts in table.items()}
    sid = row["sid"] or ""
    return Unreadable(code, json.dumps([row], ensure_ascii=False), "" if "\ufffd" in sid else sid)


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
