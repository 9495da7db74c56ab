"""Small made-up sources: folders with a manifest, as a sender would leave them, and told pages."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from flask import Flask

from app.database import read, transaction, write
from app.sync import Stream
from app.sync.connectors.files import FileDrop
from app.sync.connectors.protocol import Connector, Cursor, Offer, Page, Rows, SourceRefused
from app.sync.inward.engine import Outcome, run_source
from tests.surroundings import RECORDS

Row = Mapping[str, object]
Pages = Sequence[Sequence[Row]]
Counts = dict[str, Mapping[str, int]]

SOURCE = "try-out"
"""The made-up source; another one in the same test is called "try-out-…", and goes with it."""

BOOKS = (
    "sync_checkpoint", "sync_run", "sync_batch", "sync_quarantine", "sync_bucket", "sync_tally",
    "sync_hold", "sync_suppressed", "sync_code", "sync_drift",
)  # fmt: skip

# What a made-up record begins with, so that it can be taken away again.
MADE_UP = {
    "area": "code LIKE 'TRY%%'",
    "division": "code LIKE 'TRY%%'",
    "area_division": "area_code LIKE 'TRY%%'",
    "area_polygon": "code LIKE 'TRY%%'",
    "area_succession": "old_code LIKE 'TRY%%'",
    "calendar_day": "day >= '2090-01-01'",
    "department": "code LIKE 'TRY%%'",
    "matter": "code LIKE 'TRY%%'",
    "matter_limit": "sid LIKE 'TRY%%'",
    "duty_clause": "code LIKE 'TRY%%'",
    "dispatch_rule": "sid LIKE 'TRY%%'",
    "not_accepted": "code LIKE 'TRY%%'",
    "supervision_rung": "sid LIKE 'TRY%%'",
    "rating_reason": "code LIKE 'TRY%%'",
    "capacity": "sid LIKE 'TRY%%'",
    "correction_limit": "sid LIKE 'TRY%%'",
    "service_point": "code LIKE 'TRY%%'",
    "point_matter": "point_code LIKE 'TRY%%' OR matter_code LIKE 'TRY%%'",
    "staff_grant": "staff_sid LIKE 'TRY%%'",
    "address": "sid LIKE 'TRY%%'",
    "household": "sid LIKE 'TRY%%'",
    "resident": "sid LIKE 'TRY%%'",
    "enterprise": "sid LIKE 'TRY%%'",
}


class District:
    """A sender of made-up records and the platform that reads them."""

    def __init__(self, app: Flask, folder: Path, source: str = SOURCE) -> None:
        self.streams: list[Stream] = app.extensions["linli.streams"]
        self.folder, self.source = folder, source

    written_at: str | None = None
    """What its manifests say of when they were written."""

    def drop(self, note: str = "", complete: bool = False, **records: Sequence[Row]) -> None:
        """Leave a drop; a ``note`` is another first line, and so another digest."""
        self.folder.mkdir(exist_ok=True)
        files = []
        for stream, rows in records.items():
            path = self.folder / f"{stream}.csv"
            columns = ["sid", "ver", *(f.name for f in self.named(stream).fields)]
            columns += sorted({name for row in rows for name in row} - set(columns))
            with path.open("w", encoding="utf-8", newline="") as out:
                out.write(f"# {note}\n" if note else "")
                writer = csv.DictWriter(out, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
            said = {"stream": stream, "file": path.name, "format": "csv", "rows": len(rows)}
            files.append({**said, "complete": complete})
        self.manifest(files)

    def manifest(self, files: Sequence[dict[str, Any]]) -> None:
        """Write the manifest, with the digests that the files have unless it gives others."""
        for each in files:
            path = self.folder / each["file"]
            if "sha256" not in each and path.is_file():
                each["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        said = {"source": self.source, "files": files, "written_at": self.written_at}
        content = json.dumps(said)
        (self.folder / "manifest.json").write_text(content, "utf-8")

    def named(self, stream: str) -> Stream:
        return next(each for each in self.streams if each.name == stream)

    def hear(self, connector: Connector, page_rows: int = 5000) -> dict[str, Outcome]:
        """Read a source and return how each stream of it ended."""
        found = run_source(connector, self.streams, quiet, page_rows)
        return {outcome.stream: outcome for outcome in found}

    def outcomes(self, page_rows: int = 5000) -> dict[str, Outcome]:
        """Read the drop and return how each stream ended, refused ones too."""
        return self.hear(FileDrop(self.folder), page_rows)

    def load(self, page_rows: int = 5000) -> Counts:
        """Read the drop, of which every stream must be read, and return what became of its rows."""
        found = self.outcomes(page_rows)
        wrong = [each for each in found.values() if each.status not in ("done", "held")]
        assert not wrong, wrong
        return {stream: outcome.counts for stream, outcome in found.items()}

    def refused(self, stream: str, page_rows: int = 5000) -> str:
        """Read the drop, of which this stream must be refused, and return the words for it."""
        outcome = self.outcomes(page_rows)[stream]
        assert outcome.status == "refused", outcome
        assert outcome.message
        return outcome.message

    def send(self, **records: Sequence[Row]) -> Counts:
        """Drop and load."""
        self.drop("", False, **records)
        return self.load()

    def send_all(self, note: str = "", **records: Sequence[Row]) -> Counts:
        """Drop and load, as all that there is of these streams."""
        self.drop(note, True, **records)
        return self.load()

    def forget(self) -> None:
        """Take everything made up away again."""
        with transaction():
            write(
                "DELETE FROM sync_held_key WHERE hold_id IN"
                " (SELECT id FROM sync_hold WHERE source LIKE 'try-out%%')",
                {},
            )
            write("DELETE FROM sync_seen", {})
            for table in (*BOOKS, *(stream.mirror.name for stream in self.streams)):
                write(f"DELETE FROM {table} WHERE source LIKE 'try-out%%'", {})
            for table, made_up in MADE_UP.items():
                write(f"DELETE FROM {table} WHERE {made_up}", {})


@dataclass
class Told:
    """A source that hands over the pages that it was given; other pages have another digest."""

    told: Mapping[str, Pages]
    complete: bool = False
    source: str = SOURCE
    rows: int | None = None
    note: str = ""
    ends: bool = False
    """Whether it refuses to go on when its pages are at their end."""

    fixed: bool = False
    """Whether its rows all have the columns that any has, as a table does."""

    digest: str | None = None
    """What it says of its content; left out, it is made of what is told."""

    acknowledged: list[tuple[str, Cursor]] = field(default_factory=list)

    def check(self) -> Sequence[str]:
        return []

    def offers(self) -> Sequence[Offer]:
        return [
            Offer(stream, self.rows, self.complete, self.digest or _digest(self.note, pages))
            for stream, pages in self.told.items()
        ]

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        for place, rows in enumerate(self.told[stream]):
            if place > cursor.get("page", -1):
                yield Page(partial(rows_of, rows, self.fixed), {"page": place})
        if self.ends:
            raise SourceRefused("LINE_CUT", "the line went dead")

    def acknowledge(self, stream: str, cursor: Cursor) -> None:
        self.acknowledged.append((stream, cursor))


def rows_of(rows: Sequence[Row], fixed: bool = False) -> Rows:
    """Return raw rows as a connector lays them out: texts in the columns that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [[_text(row.get(name)) for row in rows] for name in names]
    return Rows(pa.table([pa.array(each, pa.string()) for each in columns], names), fixed=fixed)


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _digest(note: str, pages: Pages) -> str:
    return hashlib.sha256(json.dumps([note, pages], default=str).encode()).hexdigest()


def quiet(_stream: str, _done: int, _expected: int | None) -> None:
    """Tell nobody how far it is."""


def tally(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {name: n for name, n in Counter(counts).items() if n}


def one(sql: str, **params: object) -> Any:
    """Return the only column of the only row."""
    ((found,),) = read(sql, params)
    return found


def keys_of(table: str, key: str = "sid") -> list[str]:
    """Return the keys of the made-up rows that the product has in a table."""
    sql = f"SELECT {key} FROM {table} WHERE {key} LIKE 'TRY%%' ORDER BY {key}"
    return [row[0] for row in read(sql, {})]


def mirrored(stream: str, columns: str, source: str = SOURCE) -> list[Any]:
    """Return the mirror's rows of a made-up source, by key."""
    sql = f"SELECT {columns} FROM src_{stream} WHERE source = %(source)s ORDER BY sid"
    return read(sql, {"source": source})


def drifts() -> dict[str, Any]:
    """Return what was noted of the made-up source, by kind."""
    found = read("SELECT * FROM sync_drift WHERE source = %(source)s", {"source": SOURCE})
    return {row.kind: row for row in found}


def sample_rows(stream: str) -> Iterable[dict[str, str]]:
    """Yield the rows of a CSV file of the sample, with keys of their own."""
    with (RECORDS / f"{stream}.csv").open(encoding="utf-8") as lines:
        next(lines)
        for row in csv.DictReader(lines):
            yield {
                name: f"TRY-{value}" if name.endswith("sid") else value
                for name, value in row.items()
            }
