"""JSON Lines: an object a line, its values laid into columns as text."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from app.sync.connectors.files.encodings import MARKS, raw_text, utf8
from app.sync.connectors.files.grammar import LINES, Block, pieces
from app.sync.connectors.files.headers import MOST_COLUMNS
from app.sync.connectors.files.manifest import DroppedFile
from app.sync.connectors.files.survey import Format, Opening, Span, read_span
from app.sync.connectors.protocol import Rows, Unreadable

LONG_NUMBER = re.compile(rb"[:,\[\s]-?(?:[0-9.]{16,}|[0-9.]+[eE])")
"""Numbers that a float may not hold to the last digit, or would write otherwise."""

INEXACT = frozenset((float, dict, list))
SPACE = re.compile(r"[ \t\n\r]*")
VALUE = json.JSONDecoder()


def opening(file: DroppedFile, block: Block, final: bool) -> Opening:
    """Return where the rows begin: behind the mark, and behind a first line that is a note."""
    place = len(MARKS[file.encoding]) if block.startswith(MARKS[file.encoding]) else 0
    first = next(pieces(block[place:], final, LINES), None)
    if first and not first.fault:
        text = utf8(bytes(block[place + first.start : place + first.end]), file.encoding)
        found = _object(text) if text is not None else None
        if found is not None and found.keys() == {"note"}:
            return Opening((), place + first.end)
    return Opening((), place)


def read_rows(path: Path, span: Span, encoding: str) -> Rows:
    """Read the rows of a span; its columns are all that any of them has.

    Text stays as it is, null is no value; numbers keep their digits, true and false are words, a
    document is JSON again. A line that is no object, or an empty one, is unreadable.

    Raises:
        SourceRefused: FILE_CHANGED
        SourceAway
    """
    block = read_span(path, span)
    if span.fault:
        return Rows(pa.table({}), (Unreadable(span.fault, raw_text(block, encoding)),))
    rows: list[Mapping[str, str | None]] = []
    unreadable = []
    columns: dict[str, None] = {}
    for line in _lines(block, span.tidy):
        row = _row(line, encoding)
        if row is None:
            unreadable.append(_unreadable(line, encoding))
        elif len(columns) + len(new := row.keys() - columns.keys()) > MOST_COLUMNS:
            unreadable.append(Unreadable("TOO_MANY_COLUMNS", raw_text(line, encoding)))
        else:
            columns.update(dict.fromkeys(row) if new else {})
            rows.append(row)
    table = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in columns}
    return Rows(pa.table(table), unreadable, fixed=False)


def _lines(block: bytes, tidy: bool) -> Iterable[bytes]:
    if tidy:
        return block.removesuffix(b"\n").split(b"\n")
    return [block[piece.start : piece.end] for piece in pieces(block, True, LINES)]


def _unreadable(line: bytes, encoding: str) -> Unreadable:
    code = "BAD_BYTES" if utf8(line, encoding) is None else "NOT_JSON_OBJECT"
    return Unreadable(code, raw_text(line, encoding))


def _row(line: bytes, encoding: str) -> Mapping[str, str | None] | None:
    text = line if encoding == "utf-8" else utf8(line, encoding)
    found = _object(text) if text is not None else None
    if text is None or found is None:
        return None
    if not INEXACT.isdisjoint(map(type, found.values())) and LONG_NUMBER.search(text):
        return {name: _written(value, spelt) for name, value, spelt in _members(text.decode())}
    return {name: value if type(value) is str else _text(value) for name, value in found.items()}


def _object(line: bytes) -> Mapping[str, Any] | None:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found else None


def _text(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _written(value: Any, text: str) -> str | None:
    """Return a value as it stands in the line, without the quotes of a text."""
    return value if value is None or isinstance(value, str) else text


def _members(line: str) -> Iterator[tuple[str, Any, str]]:
    """Yield name, value and spelling of each member of a line that is known to be an object."""
    place = _behind_space(line, 0)
    while line[place] != "}":  # at the brace that opens it, or at a comma
        place = _behind_space(line, place + 1)
        if line[place] == "}":
            return
        name, place = VALUE.raw_decode(line, place)
        place = _behind_space(line, _behind_space(line, place) + 1)
        value, end = VALUE.raw_decode(line, place)
        yield name, value, line[place:end]
        place = _behind_space(line, end)


def _behind_space(line: str, place: int) -> int:
    found = SPACE.match(line, place)
    assert found, "it matches nothing as well"
    return found.end()


def reader(file: DroppedFile, _: Opening, span: Span) -> Callable[[], Rows]:
    """Return what reads a span, in whatever process."""
    return partial(read_rows, file.path, span, file.encoding)


FORMAT = Format(opening, LINES, reader)
