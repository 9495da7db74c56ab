r"""Where the rows of a file end: the one rule by which it is cut, into pages and into rows.

A row of CSV is what RFC 4180 says: cells between commas, in quotes or without any, and it ends
with LF or CRLF outside of quotes. Whatever is not of that form costs its first line alone, and
the next line is tried anew: an open quote does not swallow the residents behind it.

The rule is said twice. ``pieces`` reads row by row and names what is wrong; ``tidy_ends`` looks
at millions of bytes at once and finds the same ends if nothing is wrong. A test holds them
together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

LONGEST_ROW = 1 << 20
LF, CR, QUOTE, COMMA = b'\n\r",'
CLOSE = 256 << 10  # bytes
BLANK = re.compile(rb"\r?\n")

Block = bytes | bytearray
"""Some of a file, as it was read."""

CELL = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
CUT_CELL = rb'(?:"[^"]*+(?:""[^"]*+)*+(?:"\r?)?|[^",\r\n]*+\r?)'


@dataclass(frozen=True, slots=True)
class Grammar:
    """The form of a row, of the last one of a file, and of one that may go on behind a block."""

    row: re.Pattern[bytes]
    last: re.Pattern[bytes]
    cut: re.Pattern[bytes]
    quotes: bool


CSV = Grammar(
    re.compile(CELL + rb"(?:," + CELL + rb")*+\r?\n"),
    re.compile(CELL + rb"(?:," + CELL + rb")*+(?:\r?\n|\Z)"),
    re.compile(rb"(?:" + CELL + rb",)*+" + CUT_CELL + rb"\Z"),
    quotes=True,
)
LINES = Grammar(
    re.compile(rb"[^\n]*+\n"),
    re.compile(rb"[^\n]*+(?:\n|\Z)"),
    re.compile(rb"[^\n]*+\Z"),
    quotes=False,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A row, or a line that is none; without an end if the end is not in sight."""

    start: int
    end: int
    fault: str = ""


def pieces(block: Block, final: bool, grammar: Grammar) -> Iterator[Piece]:
    """Yield the rows of a block that begins with one; blank lines are none.

    ``final``: nothing follows the block. Otherwise a row that may go on behind it is left out.
    A line of more than 1 MiB is CELL_TOO_LARGE, and the last piece.
    """
    place = 0
    while place < len(block):
        if blank := BLANK.match(block, place):
            place = blank.end()
            continue
        near = len(block) - place <= LONGEST_ROW
        form = grammar.last if final and near else grammar.row
        if row := form.match(block, place, place + LONGEST_ROW):
            piece = Piece(place, row.end())
        elif near and not final and _may_end_behind(block, place, grammar):
            return
        else:
            piece = _line(block, place, final and near)
        yield piece
        if piece.end == piece.start:
            return
        place = piece.end


def _may_end_behind(block: Block, place: int, grammar: Grammar) -> bool:
    return block.find(b"\n", place) < 0 or bool(grammar.cut.match(block, place))


def _line(block: Block, place: int, last: bool) -> Piece:
    end = block.find(b"\n", place, place + LONGEST_ROW) + 1 or (len(block) if last else place)
    if end == place:
        return Piece(place, end, "CELL_TOO_LARGE")
    stray = block.find(b'"', place, end) >= 0
    return Piece(place, end, "STRAY_QUOTE" if stray else "STRAY_LINE_END")


def tidy_ends(block: Block, final: bool, grammar: Grammar) -> Any:
    """Return where the rows of a block end if all are rows, as an array; None if some may not be.

    None says only that ``pieces`` has to look.
    """
    seen = block + b"\n" if final and not block.endswith((b"\n", b"\r")) else block
    view = np.frombuffer(seen, np.uint8)
    ends = _places_of(LF, view) + 1
    marks = _places_of(QUOTE, view) if grammar.quotes and QUOTE in seen else ends[:0]
    if len(marks):
        ends = ends[np.searchsorted(marks, ends) % 2 == 0]
    if not len(ends) or len(seen) - ends[-1] > (0 if final else LONGEST_ROW):
        return None
    marks = marks[: np.searchsorted(marks, ends[-1])]
    lengths = np.diff(ends, prepend=0)
    blank = (lengths == 1) | ((lengths == 2) & (view[ends - 2] == CR))
    if lengths.max() > LONGEST_ROW or blank.any():
        return None
    if len(marks) and not _quotes_fit(view, marks):
        return None
    if grammar.quotes and CR in block and not _returns_fit(view, marks, ends[-1]):
        return None
    return np.minimum(ends, len(block))


def _places_of(byte: int, view: Any) -> Any:
    """Return where a byte stands, looked for in what the processor has close at hand."""
    parts = range(0, len(view) or 1, CLOSE)
    return np.concatenate([np.flatnonzero(view[at : at + CLOSE] == byte) + at for at in parts])


def _quotes_fit(view: Any, marks: Any) -> bool:
    """Tell whether each quote opens a cell, closes one, or is one of two inside."""
    opening, closing = marks[0::2], marks[1::2]
    before, behind = view[opening - 1], view[closing + 1]
    opens = (before == COMMA) | (before == LF) | (before == QUOTE) | (opening == 0)
    closes = (behind == COMMA) | (behind == LF) | (behind == QUOTE) | (behind == CR)
    return bool(opens.all() and closes.all())


def _returns_fit(view: Any, marks: Any, end: int) -> bool:
    """Tell whether each CR outside of quotes belongs to the end of a line."""
    returns = _places_of(CR, view[:end])
    outside = returns[np.searchsorted(marks, returns) % 2 == 0]
    return bool((view[outside + 1] == LF).all())
