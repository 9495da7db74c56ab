"""The records as the district would drop them: a CSV with a note on top, and its manifest."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from bench.sync.residents import A_DAY_LATER, COLUMNS, Variant, blocks

SOURCE = "bench"
NOTE = "# Made up, all of them. Reading {:08}\n"
DATA = "residents.csv"
AS_IT_IS = csv.WriteOptions(include_header=False, quoting_style="none")
"""No value of ours holds a comma, a quote or a line's end."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Drop:
    """A folder with a file of residents and its manifest; ``moved`` of them have changed."""

    folder: Path
    rows: int
    moved: int = 0

    @property
    def data(self) -> Path:
        """The CSV file: a note, a header, the rows."""
        return self.folder / DATA

    @property
    def megabytes(self) -> float:
        """Return the size of the CSV file in millions of bytes."""
        return self.data.stat().st_size / 1e6

    def renew(self, number: int, stream: str) -> None:
        """Give the file another note, and so another digest, for the same rows.

        The manifest says anew that this is all of ``stream``.
        """
        with self.data.open("r+b") as file:
            file.write(NOTE.format(number).encode())
        with self.data.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._declare(stream, digest)

    def _declare(self, stream: str, digest: str) -> None:
        entry = {
            "stream": stream,
            "file": DATA,
            "format": "csv",
            "encoding": "utf-8",
            "rows": self.rows,
            "sha256": digest,
            "complete": True,
        }
        manifest = {"source": SOURCE, "generation": "2026-11-23", "files": [entry]}
        (self.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def write_drop(folder: Path, rows: int, seed: int, variant: Variant, say: Say) -> Drop:
    """Write the residents in the order of their keys, with little memory whatever their count."""
    return _write(folder, _told(blocks(rows, seed, variant), rows, folder.name, say))


def write_shuffled(folder: Path, rows: int, seed: int, say: Say) -> Drop:
    """Write the same rows in an order of chance. It holds them all: for a million or two."""
    table = pa.concat_tables(_told(blocks(rows, seed, Variant()), rows, folder.name, say))
    order = np.random.default_rng((seed, 2)).permutation(rows)
    return _write(folder, [table.combine_chunks().take(pa.array(order))])


def _write(folder: Path, tables: Iterable[Any]) -> Drop:
    folder.mkdir(parents=True, exist_ok=True)
    rows, moved = 0, 0
    with (folder / DATA).open("wb") as file:
        file.write(NOTE.format(0).encode())
        file.write((",".join(COLUMNS) + "\n").encode())
        for table in tables:
            csv.write_csv(table, file, AS_IT_IS)
            rows += table.num_rows
            moved += int(pc.sum(pc.equal(table["ver"], str(A_DAY_LATER))).as_py() or 0)
    return Drop(folder, rows, moved)


def _told(tables: Iterable[Any], rows: int, what: str, say: Say) -> Iterable[Any]:
    """Pass the tables on, and say every five seconds how far they are."""
    done, said = 0, time.monotonic()
    for table in tables:
        yield table
        done += table.num_rows
        if time.monotonic() - said > 5:
            said = time.monotonic()
            say(f"writing {what}: {done:,} of {rows:,} residents")
