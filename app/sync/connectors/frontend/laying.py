"""Rows of a database laid into text columns; one with a cell that is no text is told apart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pyarrow as pa

from app.sync.connectors.frontend.cells import Strange, change_of, odd, shown, spell
from app.sync.connectors.frontend.dialect import Row
from app.sync.connectors.protocol import Rows, Unreadable


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
    if kinds <= {str} and not any(map(odd, column)):
        return list(column)
    if datetime in kinds and midnight_is_day:
        column = [_day_at_midnight(value) for value in column]
    texts: list[str | None] = []
    for place, value in enumerate(column):
        try:
            texts.append(spell(value))
        except Strange as fault:
            bad.setdefault(place, fault.code)
            texts.append(shown(value))
    return texts


def _day_at_midnight(value: Any) -> Any:
    if isinstance(value, datetime) and not value.tzinfo and value.time() == time(0):
        return value.date()
    return value


def _unreadable(table: dict[str, list[str | None]], place: int, code: str) -> Unreadable:
    """Name a row as it came; it stands in a list, so that nobody reads it again as a record."""
    row = {name: texts[place] for name, texts in table.items()}
    sid = row["sid"] or ""
    return Unreadable(code, json.dumps([row], ensure_ascii=False), "" if "\ufffd" in sid else sid)
