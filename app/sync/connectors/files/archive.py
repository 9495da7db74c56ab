r"""The archive that a workbook is, looked through before anything is made of it.

A few kilobytes can unpack to any size, and two cells can span a sheet of any size. And a cell
that holds an error (#N/A) is told from an empty one only here: the reader of cells shows both as
empty, so that the value would be lost without a word.
"""

import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from io import BytesIO

from app.sync.connectors.protocol import SourceRefused

LARGEST = 512 << 20
MOST_ENTRIES = 1000
HIGHEST_RATIO = 200
RATIO_FROM = 1 << 20  # what unpacks to less than this cannot hurt, whatever its ratio
CHUNK = 1 << 20
LONGEST_TAG = 4096

ERROR = re.compile(rb"""t\s*=\s*["']e["']""")
ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\bt\s*=\s*["']e["'][^>]*>""")
ROW_OF = re.compile(rb"""\br\s*=\s*["'][A-Z]{1,3}([0-9]{1,7})["']""")
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")

WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")

Refuse = Callable[[str, str], SourceRefused]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, and the rows (from 0) in which a cell of it holds an error."""

    name: str
    error_rows: frozenset[int]


def look_through(content: bytes, wanted: str | None, refuse: Refuse) -> Sheet:
    """Return the sheet of a name, or the first one.

    Every entry is unpacked once, piece by piece, and thrown away.

    Raises:
        SourceRefused: NOT_A_WORKBOOK, SHEET_MISSING, WORKBOOK_TOO_LARGE, ZIP_BOMB
    """
    if not content.startswith(b"PK"):
        raise refuse("NOT_A_WORKBOOK", "it is no .xlsx workbook, or a locked one: save it as .xlsx")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_sizes(archive.infolist(), refuse)
            name, part = _sheet(archive, wanted, refuse)
            rows: set[int] = set()
            for entry in archive.infolist():
                unpacked = _unpacked(archive, entry, refuse)
                if entry.filename == part:
                    rows = _errors(unpacked, refuse)
                else:
                    deque(unpacked, maxlen=0)
            return Sheet(name, frozenset(rows))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError) as fault:
        raise refuse("NOT_A_WORKBOOK", "it is damaged, locked, or no workbook") from fault


def _check_sizes(entries: list[zipfile.ZipInfo], refuse: Refuse) -> None:
    if len(entries) > MOST_ENTRIES:
        raise refuse("ZIP_BOMB", f"it has more than {MOST_ENTRIES} entries")
    if len({entry.filename for entry in entries}) != len(entries):
        raise refuse("ZIP_BOMB", "two of its entries have one name")
    if sum(entry.file_size for entry in entries) > LARGEST:
        raise refuse("WORKBOOK_TOO_LARGE", "it unpacks to more than 512 MiB: send CSV")
    for entry in entries:
        if entry.file_size > max(RATIO_FROM, HIGHEST_RATIO * entry.compress_size):
            raise refuse("ZIP_BOMB", f"it unpacks to more than {HIGHEST_RATIO} times its size")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, refuse: Refuse) -> Iterator[bytes]:
    """Yield an entry in pieces; one that is longer than it says does not have its checksum."""
    try:
        with archive.open(entry) as packed:
            while piece := packed.read(CHUNK):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        raise refuse("ZIP_BOMB", "an entry is not what it says") from fault


def _errors(pieces: Iterator[bytes], refuse: Refuse) -> set[int]:
    rows, rest = set(), b""
    for piece in pieces:
        seen = rest + piece
        for cell in ERROR_CELL.finditer(seen) if ERROR.search(seen) else ():
            if not (place := ROW_OF.search(cell[0])):
                raise refuse("NOT_A_WORKBOOK", "a cell with an error does not say where it is")
            rows.add(int(place[1]) - 1)
        rest = seen[max(seen.rfind(b"<"), len(seen) - LONGEST_TAG, 0) :]
    return rows


def _sheet(archive: zipfile.ZipFile, wanted: str | None, refuse: Refuse) -> tuple[str, str]:
    """Return the name of a sheet and the entry that holds it."""
    book = archive.read("xl/workbook.xml").decode("utf-8", "backslashreplace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "backslashreplace")
    targets = {_value(tag, "Id"): _value(tag, "Target") for tag in RELATION.findall(links)}
    for tag in SHEET.findall(book):
        target = targets.get(_value(tag, r"\w+:id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        name = _value(tag, "name")
        if name == (wanted or name) and WORKSHEET.fullmatch(part):
            archive.getinfo(part)
            return name, part
    raise refuse("SHEET_MISSING", "there is no such sheet of cells in it")


def _value(tag: str, name: str) -> str:
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return unescape(found[1] or found[2] or "") if found else ""
