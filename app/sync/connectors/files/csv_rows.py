"""CSV: the header in the parent, the rows wherever their page is read."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from app.sync.connectors.files.encodings import MARKS, RAW_LIMIT, raw_text, utf8
from app.sync.connectors.files.grammar import CSV, Block, pieces
from app.sync.connectors.files.headers import checked_header
from app.sync.connectors.files.manifest import DroppedFile
from app.sync.connectors.files.survey import Format, Opening, Span, read_span
from app.sync.connectors.protocol import Rows, SourceRefused, Unreadable

MARK = "\ufeff".encode()
BLOCK = 256 << 10
"""So many bytes are laid into columns at once: what the processor has close at hand."""

FIRST_CELL = re.compile(r'"?([A-Za-z0-9][A-Za-z0-9:/._-]{0,127})"?(?=,|\s*\Z)')


def opening(file: DroppedFile, block: Block, final: bool) -> Opening:
    """Return the columns of a file and where its rows begin, behind mark, note and header.

    Raises:
        SourceRefused: BAD_HEADER
    """
    place = len(MARKS[file.encoding]) if block.startswith(MARKS[file.encoding]) else 0
    if block.startswith(b"#", place):
        place = block.find(b"\n", place) + 1 or len(block)
    rest = block[place:]
    first = next(pieces(rest, final, CSV), None)
    if not first or first.fault:
        raise SourceRefused("BAD_HEADER", f"{file.path.name} has no line of columns")
    line = utf8(bytes(rest[first.start : first.end]), file.encoding)
    if line is None:
        words = f"the columns of {file.path.name} are not in {file.encoding}"
        raise SourceRefused("BAD_HEADER", words)
    names = next(csv.reader(io.StringIO(line.decode(), newline=""), strict=True))
    return Opening(checked_header(file.path.name, names), place + first.end)


def read_rows(path: Path, span: Span, header: tuple[str, ...], encoding: str) -> Rows:
    """Read the rows of a span.

    A row with too few or too many cells, with bytes that mean nothing in its encoding, or that
    is no row by the grammar, is unreadable; it costs no other.

    Raises:
        SourceRefused: FILE_CHANGED
        SourceAway
    """
    block = read_span(path, span)
    if span.fault:
        return Rows(_parsed(b"", header, []), (_unreadable(span.fault, block, header, encoding),))
    unreadable: list[Unreadable] = []
    text = utf8(block, encoding) if span.tidy else None
    if text is None:
        text = _readable(block, header, encoding, unreadable)
    return Rows(_parsed(text, header, unreadable), unreadable)


def _readable(
    block: bytes, header: Sequence[str], encoding: str, unreadable: list[Unreadable]
) -> bytes:
    """Return the rows that are rows and text; the others are added to ``unreadable``."""
    good = []
    for piece in pieces(block, True, CSV):
        row = block[piece.start : piece.end]
        text = utf8(row, encoding)
        if piece.fault or text is None:
            code = piece.fault or "BAD_BYTES"
            unreadable.append(_unreadable(code, row, header, encoding))
        else:
            good.append(text)
    return b"".join(good)


def _parsed(text: bytes, header: Sequence[str], unreadable: list[Unreadable]) -> pa.Table:
    if not text:
        return _columns(header).empty_table()
    if text.startswith(MARK):  # the reader would take the first character of a cell for its own
        text = MARK + text
    found: list[Unreadable] = []
    try:
        table = _laid(text, header, found, BLOCK)
    except pa.ArrowInvalid:  # a row is longer than a block
        found.clear()
        table = _laid(text, header, found, len(text) + 1)
    unreadable += found
    return table


def _laid(text: bytes, header: Sequence[str], odd: list[Unreadable], block: int) -> pa.Table:
    def keep(row: arrow_csv.InvalidRow) -> str:
        raw = row.text[:RAW_LIMIT]
        odd.append(Unreadable("WRONG_NUMBER_OF_CELLS", raw, _sid(raw, header)))
        return "skip"

    return arrow_csv.read_csv(
        pa.BufferReader(text),
        arrow_csv.ReadOptions(use_threads=False, block_size=block, column_names=header),
        arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=keep),
        arrow_csv.ConvertOptions(
            column_types=_columns(header),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    ).combine_chunks()  # here, so that the blocks are gone before anything is made of the rows


def _columns(header: Sequence[str]) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in header])


def _unreadable(code: str, row: bytes, header: Sequence[str], encoding: str) -> Unreadable:
    raw = raw_text(row, encoding)
    return Unreadable(code, raw, _sid(raw, header))


def _sid(raw: str, header: Sequence[str]) -> str:
    found = FIRST_CELL.match(raw) if header[0] == "sid" else None
    return found[1] if found else ""


def reader(file: DroppedFile, opened: Opening, span: Span) -> Callable[[], Rows]:
    """Return what reads a span, in whatever process."""
    return partial(read_rows, file.path, span, opened.header, file.encoding)


FORMAT = Format(opening, CSV, reader)
