"""A sender that leaves files with a manifest, and a reader that takes every page elsewhere."""

import hashlib
import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.sync.connectors.files import FileDrop
from app.sync.connectors.protocol import Cursor, Unreadable

SOURCE = "try-out"
STREAM = "residents"
Record = Mapping[str, str | None]


@dataclass
class Taken:
    """What came of reading: records, what was no record, and the cursor behind each page."""

    records: list[Record] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    cursors: list[Cursor] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [each.code for each in self.unreadable]

    @property
    def sids(self) -> list[str | None]:
        return [record["sid"] for record in self.records]


def leave(folder: Path, content: bytes, holds: int, **said: object) -> FileDrop:
    """Leave one file of residents with a manifest that fits, but for what is ``said``."""
    entry: dict[str, Any] = {"stream": STREAM, "file": "residents.csv", "format": "csv"} | said
    path = folder / str(entry["file"])
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    describe(folder, [{"rows": holds, "sha256": digest} | entry])
    return FileDrop(folder)


def describe(folder: Path, files: Sequence[object]) -> None:
    manifest = json.dumps({"source": SOURCE, "files": files}, ensure_ascii=False)
    (folder / "manifest.json").write_text(manifest, "utf-8")


def take(drop: FileDrop, cursor: Cursor | None = None, size: int = 1000) -> Taken:
    """Read a drop to its end; pages and rows pass through what carries them between processes."""
    taken = Taken()
    for page in drop.pages(STREAM, cursor or {}, size):
        rows = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(page)).read()))
        taken.records += rows.table.to_pylist()
        taken.unreadable += rows.unreadable
        taken.cursors.append(json.loads(json.dumps(page.cursor)))
    return taken
