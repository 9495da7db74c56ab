"""An answer's records laid into text columns; what a text means is not asked here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import orjson
import pyarrow as pa

from app.sync.connectors.protocol import Rows, SourceRefused, Unreadable

NOT_OF_THE_RECORD = frozenset({"updated_at"})  # the feed's own, for the order of its pages
MOST_COLUMNS = 500
EXACT = 2**53  # from here on a JSON number may not be the one that was meant

Record: TypeAlias = Mapping[str, Any]


def records_of(content: Any) -> list[Any]:
    """Return the list of records in an answer.

    Raises:
        SourceRefused: RECORDS_MISSING.
    """
    records = content.get("records") if isinstance(content, dict) else None
    if not isinstance(records, list):
        raise SourceRefused("RECORDS_MISSING", "the answer holds no list of records")
    return records


def rows_of(body: bytes) -> Rows:
    """Lay the records of a body, read as JSON before, into columns.

    A record that is none, or that holds a number too large to be exact, is told apart from the
    rows; objects and lists inside a record are kept as JSON text.

    Raises:
        SourceRefused: TOO_MANY_COLUMNS.
    """
    records = records_of(orjson.loads(body))
    unreadable = [_unreadable("NOT_A_RECORD", r) for r in records if not isinstance(r, dict)]
    records = [r for r in records if isinstance(r, dict)]
    if inexact := [r for r in records if _inexact(r.values())]:
        unreadable += [_unreadable("NUMBER_NOT_EXACT", r) for r in inexact]
        records = [r for r in records if not _inexact(r.values())]
    names = _names(records)
    columns = [_column([r.get(name) for r in records]) for name in names]
    return Rows(pa.table(columns, names=names), unreadable, fixed=False)


def _names(records: Sequence[Record]) -> list[str]:
    names: dict[str, None] = {}
    for record in records:
        if not record.keys() <= names.keys():
            names |= dict.fromkeys(record)
        if len(names) > MOST_COLUMNS:
            words = f"its records have more than {MOST_COLUMNS} different columns"
            raise SourceRefused("TOO_MANY_COLUMNS", words)
    return [name for name in names if name not in NOT_OF_THE_RECORD]


def _column(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    """Return a JSON value as the text a file would have held."""
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def _inexact(values: Iterable[Any]) -> bool:
    return any(type(value) is float and abs(value) >= EXACT for value in values)


def _unreadable(code: str, record: Any) -> Unreadable:
    sid = record.get("sid", "") if isinstance(record, dict) else ""
    return Unreadable(code, orjson.dumps(record).decode(), _text(sid) or "")
