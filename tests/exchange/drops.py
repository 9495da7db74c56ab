"""Small made-up drops: a folder with a manifest and files, as a sender would leave them."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from app.database import read, transaction, write
from app.sync import Stream, run_source
from app.sync.connector import Cursor, Page
from app.sync.filedrop import FileDrop

Row = Mapping[str, object]
Counts = dict[str, Mapping[str, int]]

SOURCE = "try-out"

# What a made-up record begins with, so that it can be taken away again.
MADE_UP = {
    "area": "code LIKE 'TRY%%'",
    "division": "code LIKE 'TRY%%'",
    "area_division": "area_code LIKE 'TRY%%'",
    "area_polygon": "code LIKE 'TRY%%'",
    "calendar_day": "day >= '2090-01-01'",
    "department": "code LIKE 'TRY%%'",
    "matter": "code LIKE 'TRY%%'",
    "service_point": "code LIKE 'TRY%%'",
    "point_matter": "point_code LIKE 'TRY%%'",
    "staff_grant": "staff_sid LIKE 'TRY%%'",
    "address": "sid LIKE 'TRY%%'",
    "household": "sid LIKE 'TRY%%'",
    "resident": "sid LIKE 'TRY%%'",
    "sync_checkpoint": "source = 'try-out'",
    "sync_batch": "source = 'try-out'",
    "sync_quarantine": "source = 'try-out'",
}


class District:
    """A sender of made-up records and the platform that reads them."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.streams: list[Stream] = app.extensions["linli.streams"]
        self.folder = folder

    def drop(self, note: str = "", **records: Sequence[Row]) -> None:
        """Leave a drop; a ``note`` is another first line, and so another digest."""
        self.folder.mkdir(exist_ok=True)
        files = []
        for stream, rows in records.items():
            path = self.folder / f"{stream}.csv"
            columns = ["sid", "ver", *(f.name for f in self.named(stream).fields)]
            with path.open("w", encoding="utf-8", newline="") as out:
                out.write(f"# {note}\n" if note else "")
                writer = csv.DictWriter(out, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
            files.append({"stream": stream, "file": path.name, "format": "csv", "rows": len(rows)})
        self.manifest(files)

    def manifest(self, files: Sequence[dict[str, Any]]) -> None:
        """Write the manifest, with the digests that the files have unless it gives others."""
        for each in files:
            path = self.folder / each["file"]
            if "sha256" not in each and path.is_file():
                each["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        content = json.dumps({"source": SOURCE, "files": files})
        (self.folder / "manifest.json").write_text(content, "utf-8")

    def named(self, stream: str) -> Stream:
        return next(each for each in self.streams if each.name == stream)

    def load(self, page_rows: int = 5000) -> Counts:
        """Read the drop and return what became of its rows."""
        found = run_source(FileDrop(self.folder), self.streams, quiet, page_rows)
        return {outcome.stream: outcome.counts for outcome in found}

    def send(self, **records: Sequence[Row]) -> Counts:
        """Drop and load."""
        self.drop("", **records)
        return self.load()

    def forget(self) -> None:
        """Take everything made up away again."""
        with transaction():
            for stream in self.streams:
                write(f"DELETE FROM {stream.mirror.name} WHERE source = 'try-out'")
            for table, made_up in MADE_UP.items():
                write(f"DELETE FROM {table} WHERE {made_up}", {})


class Told:
    """A source that hands over the pages that it was given."""

    source = SOURCE

    def __init__(self, stream: str, pages: Sequence[Sequence[Row]]) -> None:
        self._stream, self._pages = stream, pages

    def streams(self) -> Sequence[str]:
        return [self._stream]

    def rows_of(self, stream: str) -> int | None:
        return None

    def pages(
        self, stream: str, fields: Sequence[str], cursor: Cursor, size: int
    ) -> Iterator[Page]:
        for place, rows in enumerate(self._pages):
            yield Page(rows, {"page": place})


def quiet(_stream: str, _done: int, _expected: int | None) -> None:
    """Tell nobody how far it is."""


def tally(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {name: n for name, n in Counter(counts).items() if n}


def one(sql: str, **params: object) -> Any:
    """Return the only column of the only row."""
    ((found,),) = read(sql, params)
    return found
