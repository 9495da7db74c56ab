"""The same records as files: a complete drop, its manifest last."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sample.district.books import Books
from sample.district.faults import Faults
from sample.district.records import Record, Records
from sample.streams import COLUMNS, MADE_UP


def drop(books: Books, folder: Path) -> None:
    """Write every stream's live records and ``manifest.json`` into ``folder``.

    Streams with objects or lists in them become JSON lines, the others CSV; memory does not grow
    with the records. The manifest of an earlier drop goes first, so that a half-written one is not
    taken for whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / "manifest.json"
    manifest.unlink(missing_ok=True)
    records = Records(books)
    files = [_file(folder, stream, records) for stream in records.streams()]
    content = {
        "source": "district",
        "written_at": datetime.now(UTC).isoformat(),
        "note": MADE_UP,
        "files": files,
    }
    if files and Faults(books).take("truncated-drop"):
        path = folder / files[-1]["file"]
        path.write_bytes(path.read_bytes()[:-20])
    draft = folder / ".manifest"
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
    draft.replace(manifest)


def read_drop(folder: Path) -> Iterator[tuple[str, Iterator[Record]]]:
    """Yield the streams of a drop in its order, each with its records as they stand there."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for each in manifest["files"]:
        read = _read_lines if each["format"] == "jsonl" else _read_csv
        yield each["stream"], read(folder / each["file"])


def _file(folder: Path, stream: str, records: Records) -> dict[str, Any]:
    columns, nested = _shape(stream, records.all(stream))
    form = "jsonl" if nested else "csv"
    path = folder / f"{stream}.{form}"
    write = _write_lines if nested else _write_csv
    rows = write(path, columns, records.all(stream))
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {
        "stream": stream,
        "file": path.name,
        "format": form,
        "encoding": "utf-8",
        "rows": rows,
        "sha256": digest,
        "complete": True,
    }


def _shape(stream: str, records: Iterable[Record]) -> tuple[list[str], bool]:
    columns, nested = dict.fromkeys(COLUMNS.get(stream, ("sid", "ver"))), False
    for record in records:
        columns |= dict.fromkeys(record)
        nested = nested or any(isinstance(value, dict | list) for value in record.values())
    return list(columns), nested


def _write_csv(path: Path, columns: Sequence[str], records: Iterable[Record]) -> int:
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
        writer.writeheader()
        for record in records:
            writer.writerow(record)
            rows += 1
    return rows


def _write_lines(path: Path, _columns: Sequence[str], records: Iterable[Record]) -> int:
    rows = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            rows += 1
    return rows


def _read_csv(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _read_lines(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as lines:
        yield from (row for line in lines if "sid" in (row := json.loads(line)))
