"""The loader beside ours: dlt, told to do the same work in the fastest way it has.

``python -m bench.sync.dlt_load`` reads one job from its standard input, loads one file, and writes
the seconds that the load took; what Python and dlt take to start is not counted.

What is chosen, and why: when the modes were compared, on two cores and a million rows, Arrow tables
and Parquet through ADBC were about seven times as fast as dlt's text files and ten times as fast
as Python dicts, and ``upsert`` was faster than ``delete-insert`` on both loads. ``replace`` would
keep nothing. The columns are all text, as in COPY's table.
What it is told besides stands in ``dlt_settings``. The work that only we do (check digits, hashes,
deletions, counters) it is not asked for.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt  # type: ignore[import-not-found,unused-ignore]  # only in .venv-bench
import pyarrow as pa
from pyarrow import csv

from bench.sync.dlt_settings import DATASET
from bench.sync.processes import processor_seconds
from bench.sync.residents import COLUMNS

BLOCK_BYTES = 16 << 20


def tables(path: Path) -> Iterator[Any]:
    """Yield the rows of a file in blocks; the note on top is not read."""
    reader = csv.open_csv(
        path,
        read_options=csv.ReadOptions(block_size=BLOCK_BYTES, skip_rows=1),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=True
        ),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])


def load(url: str, path: Path, folder: Path) -> dict[str, float]:
    """Load a file and return what it took; ``folder`` is where dlt remembers what it knows."""
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        pipelines_dir=str(folder),
        destination=dlt.destinations.postgres(credentials=url),
        dataset_name=DATASET,
    )
    residents = dlt.resource(
        tables(path),
        name="residents",
        primary_key="sid",
        write_disposition={"disposition": "merge", "strategy": "upsert"},
        file_format="parquet",
    )
    began, spent = time.perf_counter(), processor_seconds()
    pipeline.run(residents).raise_on_failed_jobs()
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "cpu_s": processor_seconds() - spent}


if __name__ == "__main__":
    job = json.load(sys.stdin)
    print(json.dumps(load(job["url"], Path(job["path"]), Path(job["folder"]))))
