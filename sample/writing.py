"""Writes records to files, counting and hashing while they pass, and their manifest."""

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sample.streams import COLUMNS, GENERATION, JSON_LINES, MADE_UP, NOTES

Values = Sequence[Any]


class RecordFile:
    """One stream's file while it is being written; use as a context manager.

    Rows are given as values in the order of the stream's columns. Nothing is kept in memory.
    """

    def __init__(self, folder: Path, stream: str) -> None:
        """Name the file of `stream` in `folder`; it is made when the block is entered."""
        self.stream = stream
        self.format = "jsonl" if stream in JSON_LINES else "csv"
        self.path = folder / f"{stream}.{self.format}"
        self.rows = 0
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        """Open the file and write its note and header."""
        self._file = self.path.open("wb")
        self._csv = csv.writer(self, lineterminator="\n")
        if self.format == "jsonl":
            self.write(_json_line({"note": NOTES[self.stream]}))
        else:
            self.write(f"# {NOTES[self.stream]}\n")
            self._csv.writerow(COLUMNS[self.stream])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def write(self, text: str) -> int:
        """Write and hash `text` as UTF-8; returns the number of bytes."""
        data = text.encode()
        self._digest.update(data)
        return self._file.write(data)

    def add(self, values: Values) -> None:
        """Write one row."""
        if self.format == "jsonl":
            columns = COLUMNS[self.stream]
            self.write(_json_line(dict(zip(columns, values, strict=True))))
        else:
            self._csv.writerow(values)
        self.rows += 1

    def manifest_entry(self) -> dict[str, Any]:
        """Return what the manifest says of this file; `rows` leaves out header and note."""
        return {
            "stream": self.stream,
            "file": self.path.name,
            "format": self.format,
            "encoding": "utf-8",
            "rows": self.rows,
            "sha256": self._digest.hexdigest(),
            "complete": True,
        }


def write_stream(folder: Path, stream: str, rows: Iterable[Values]) -> dict[str, Any]:
    """Write a whole stream and return its manifest entry."""
    with RecordFile(folder, stream) as file:
        for row in rows:
            file.add(row)
    return file.manifest_entry()


def write_manifest(folder: Path, files: Sequence[dict[str, Any]]) -> None:
    """Write manifest.json: the files in load order, with their row counts and SHA-256."""
    manifest = {
        "source": "district",
        "generation": GENERATION,
        "note": MADE_UP,
        "files": list(files),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def write_people(folder: Path, people: dict[str, Any]) -> None:
    """Write people.json; its first line says that the people are made up."""
    text = json.dumps({"note": MADE_UP, **people}, ensure_ascii=False, indent=2)
    text = text.replace("{\n  ", "{", 1)
    (folder / "people.json").write_text(text + "\n", encoding="utf-8")


def _json_line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
