"""The same records as tables of a front-end database, and outcomes taken from where they lie."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sample.district.abbreviations import OUTCOMES, TABLES
from sample.district.books import Books
from sample.district.frontend import Change, FrontEndTables
from sample.district.outcomes import Outcomes
from sample.district.records import Record, Records
from sample.streams import COLUMNS

A_TIME = 5000


def fill(books: Books, url: str) -> int:
    """Bring the tables in step with the books; return how many records stand there.

    Tables that are missing are made, that of the outcomes too. Every record is written again as it
    is: a change that is stamped with a time long past is not forgotten.
    """
    records, tables = Records(books), FrontEndTables(url)
    written = 0
    try:
        if not tables.has(OUTCOMES):
            tables.make_outcomes()
        for stream in (each for each in records.streams() if each in TABLES):
            fields = COLUMNS[stream][2:]
            if not tables.has(TABLES[stream]):
                tables.make(stream, fields)
            for changes in _changes(records, stream, fields):
                tables.fill(changes)
                written += len(changes)
    finally:
        tables.close()
    return written


def collect(books: Books, place: str) -> int:
    """Take the outcomes that lie in a folder or in the table of a database; return how many.

    What is in the books is taken away from there: whoever dies between the two takes it again.

    Raises:
        KeyReused: a key is known with another envelope.
    """
    taken = _from_tables if "://" in place else _from_folder
    return taken(Outcomes(books), place)


def _from_tables(outcomes: Outcomes, url: str) -> int:
    tables, count = FrontEndTables(url), 0
    try:
        for key, envelope in tables.outcomes():
            outcomes.take(key, envelope.encode())
            tables.clear(key)
            count += 1
    finally:
        tables.close()
    return count


def _from_folder(outcomes: Outcomes, folder: str) -> int:
    """Take what is marked as whole; what has no mark yet is still being written."""
    count = 0
    for mark in sorted(Path(folder).glob("*.ok")):
        content = mark.with_suffix(".json")
        if content.exists():
            outcomes.take(mark.stem, content.read_bytes())
            count += 1
        content.unlink(missing_ok=True)
        mark.unlink()
    return count


def _changes(records: Records, stream: str, fields: Sequence[str]) -> Iterator[list[Change]]:
    """Yield all records of a stream by the time of their last change, the deleted among them."""
    since, after = 0, ""
    while found := records.after(stream, since, after, A_TIME):
        yield [_change(stream, fields, each) for each in found]
        since, after = found[-1]["updated_at"], found[-1]["sid"]


def _change(stream: str, fields: Sequence[str], record: Record) -> Change:
    told = {} if record["op"] == "D" else {name: _cell(record.get(name)) for name in fields}
    return Change(stream, record["sid"], record["ver"], record["op"], told, record["updated_at"])


def _cell(value: Any) -> Any:
    """Return what a column of text holds: documents as JSON, nothing as nothing."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return None if value in (None, "") else str(value)
