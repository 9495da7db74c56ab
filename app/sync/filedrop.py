"""Records dropped as files: a manifest with counts and digests, CSV or JSON Lines, UTF-8.

The sender's files are only ever read. A file is trusted when its bytes have the digest that the
manifest gives; a digest that was read to its end before is not read again.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from app.sync.connector import Cursor, Page, SourceRefused
from app.sync.contract import MISSHAPEN
from app.sync.kinds import key

CONTRACT_COLUMNS = ("sid", "ver")
LONGEST_FIELD = 1_000_000

csv.field_size_limit(LONGEST_FIELD)


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """One line of the manifest."""

    stream: str
    path: Path
    format: str
    rows: int
    sha256: str


class FileDrop:
    """A folder with ``manifest.json`` and the files that it names."""

    def __init__(self, folder: Path) -> None:
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            self.source: str = key(manifest["source"])
            files = [
                DroppedFile(
                    each["stream"],
                    _inside(folder, each["file"]),
                    each["format"],
                    int(each["rows"]),
                    each["sha256"],
                )
                for each in manifest["files"]
            ]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
            raise SourceRefused(f"manifest.json cannot be read: {type(fault).__name__}") from fault
        self._files = {file.stream: file for file in files}
        if len(self._files) != len(files):
            raise SourceRefused("manifest.json names a stream twice")

    def streams(self) -> Sequence[str]:
        """Return the streams in the order of the manifest."""
        return list(self._files)

    def rows_of(self, stream: str) -> int:
        """Return the count that the manifest gives."""
        return self._files[stream].rows

    def pages(
        self, stream: str, fields: Sequence[str], cursor: Cursor, size: int
    ) -> Iterator[Page]:
        """Yield the rows not yet read of the file that the manifest names now."""
        file = self._files[stream]
        done = int(cursor.get("row", 0)) if cursor.get("sha256") == file.sha256 else 0
        if done >= file.rows and cursor.get("sha256") == file.sha256:
            return
        if _digest(file.path) != file.sha256:
            raise SourceRefused(f"{file.path.name} does not have the digest of the manifest")
        rows = islice(self._rows(file, fields), done, None)
        while page := list(islice(rows, size)):
            done += len(page)
            if done > file.rows:
                break
            yield Page(page, {"sha256": file.sha256, "row": done})
        if done != file.rows:
            raise SourceRefused(f"{file.path.name} has not the {file.rows} rows of the manifest")

    def _rows(self, file: DroppedFile, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        readers = {"csv": _csv_rows, "jsonl": _jsonl_rows}
        if file.format not in readers:
            raise SourceRefused(f"{file.path.name}: no reader for {file.format}")
        try:
            with file.path.open(encoding="utf-8-sig", errors="strict", newline="") as lines:
                yield from readers[file.format](file.path.name, lines, {*CONTRACT_COLUMNS, *fields})
        except (UnicodeDecodeError, csv.Error) as fault:
            raise SourceRefused(f"{file.path.name}: {type(fault).__name__}") from fault


def _csv_rows(name: str, lines: Iterator[str], wanted: set[str]) -> Iterator[Mapping[str, Any]]:
    reader = csv.reader(_without_note(lines), strict=True)
    header = next(reader, [])
    if set(header) != wanted or len(header) != len(wanted):
        wrong = ", ".join(sorted(set(header) ^ wanted)) or "one of them twice"
        raise SourceRefused(f"{name}: columns missing or not in the contract: {wrong}")
    for cells in reader:
        fits = len(cells) == len(header)
        yield dict(zip(header, cells, strict=True)) if fits else {MISSHAPEN: cells}


def _jsonl_rows(name: str, lines: Iterator[str], wanted: set[str]) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as fault:
            raise SourceRefused(f"{name}: line {number} is not JSON") from fault
        if number == 1 and isinstance(row, dict) and row.keys() == {"note"}:
            continue
        if not isinstance(row, dict) or row.keys() - wanted:
            raise SourceRefused(f"{name}: line {number} has columns that the contract has not")
        yield row


def _without_note(lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, "")
    if not first.startswith("#"):
        yield first
    yield from lines


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except (OSError, ValueError) as fault:
        raise SourceRefused(f"{path.name} cannot be read") from fault


def _inside(folder: Path, name: str) -> Path:
    if Path(name).name != name:
        raise SourceRefused("the manifest names a file outside its folder")
    return folder / name
