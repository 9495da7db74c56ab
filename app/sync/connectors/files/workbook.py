"""Excel workbooks: one sheet, its header in the first row, read by calamine.

calamine lays a whole sheet out in memory, so this is done in a process of its own
(``apart``). A workbook of 200,000 rows and 16 columns takes about 400 MB there.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from app.sync.connectors.files.archive import look_through
from app.sync.connectors.files.cells import cell_text
from app.sync.connectors.files.encodings import RAW_LIMIT
from app.sync.connectors.files.headers import checked_header
from app.sync.connectors.files.manifest import DroppedFile
from app.sync.connectors.files.opening import opened
from app.sync.connectors.protocol import Rows, SourceRefused, Unreadable

LARGEST_FILE = 128 << 20


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows behind a header; each with what is wrong with it, if a merge or an error is."""

    sheet: CalamineSheet
    header: tuple[str, ...]
    first: int
    faults: bytearray

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield fault and cells of each row that is not blank."""
        for place, cells in enumerate(islice(self.sheet.iter_rows(), self.first, None), self.first):
            if any(cell != "" for cell in cells) or self.faults[place] == ERROR:
                yield self.faults[place], cells


MERGED, ERROR = 1, 2
CODES = {MERGED: "MERGED_CELLS", ERROR: "ERROR_CELL"}


def batches(file: DroppedFile, done: int, size: int) -> Iterator[Rows]:
    """Yield the rows of a workbook behind the first ``done``, at most ``size`` at a time.

    Blank rows do not count. A row of which a cell is merged with others or holds an error is
    unreadable: what is missing there must not pass for empty.

    Raises:
        SourceRefused: the workbook is not what the manifest says, before any row is yielded.
        SourceAway
    """
    table = _table(file, _content(file))
    count = sum(1 for _ in table.rows())
    if count != file.rows:
        words = f"{file.path.name} has not the {file.rows} rows of the manifest but {count}"
        raise SourceRefused("WRONG_COUNT", words)
    left = islice(table.rows(), done, None)
    while some := list(islice(left, size)):
        yield _laid(table.header, some)


def _content(file: DroppedFile) -> bytes:
    with opened(file.path) as packed:
        content = packed.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise _refused(file, "WORKBOOK_TOO_LARGE", "it is larger than 128 MiB: send CSV")
    if hashlib.sha256(content).hexdigest() != file.sha256:
        words = f"{file.path.name} does not have the digest of the manifest"
        raise SourceRefused("WRONG_DIGEST", words)
    return content


def _table(file: DroppedFile, content: bytes) -> _Table:
    found = look_through(content, file.sheet, partial(_refused, file))
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            sheet = book.get_sheet_by_name(found.name)
    except CalamineError as fault:
        raise _refused(file, "NOT_A_WORKBOOK", "it cannot be read") from fault
    merged = _merged(sheet)
    rows = enumerate(sheet.iter_rows())
    place, cells = next(((p, c) for p, c in rows if any(cell != "" for cell in c)), (0, []))
    if cells and str(cells[0]).startswith("#"):
        place, cells = next(((p, c) for p, c in rows if any(cell != "" for cell in c)), (0, []))
    if not cells or merged[place]:
        raise _refused(file, "BAD_HEADER", "its row of columns is missing or has merged cells")
    names = [cell_text(cell) or "" for cell in cells]
    while not names[-1]:
        names.pop()
    for row in found.error_rows:
        if row < len(merged):
            merged[row] = ERROR
    return _Table(sheet, checked_header(file.path.name, names), place + 1, merged)


def _merged(sheet: CalamineSheet) -> bytearray:
    """Return for each row whether a cell of it is merged with others."""
    marks = bytearray(sheet.end[0] + 1 if sheet.end else 0)
    for (top, _), (bottom, _) in sheet.merged_cell_ranges or ():
        bottom = min(bottom, len(marks) - 1)
        marks[top : bottom + 1] = bytes([MERGED]) * max(0, bottom + 1 - top)
    return marks


def _laid(header: tuple[str, ...], rows: Sequence[tuple[int, list[Any]]]) -> Rows:
    good, unreadable = [], []
    for fault, cells in rows:
        texts = [cell_text(cell) for cell in cells]
        beyond = any(text is not None for text in texts[len(header) :])
        if code := CODES.get(fault) or ("WRONG_NUMBER_OF_CELLS" if beyond else None):
            sid = texts[0] or "" if header[0] == "sid" else ""
            raw = json.dumps(texts, ensure_ascii=False)[:RAW_LIMIT]
            unreadable.append(Unreadable(code, raw, sid))
        else:
            good.append(texts)
    columns = zip(*good, strict=True) if good else [()] * len(header)
    laid = [pa.array(column, pa.string()) for column in islice(columns, len(header))]
    return Rows(pa.table(laid, names=list(header)), unreadable)


def _refused(file: DroppedFile, code: str, words: str) -> SourceRefused:
    return SourceRefused(code, f"{file.path.name}: {words}")
