"""One reading by the product, in a process of its own, as ``flask load`` would do it.

``python -m bench.sync.ours`` reads a job from its standard input and writes the seconds that the
reading took, opening the folder included, and what became of the rows. What Python and the product
take to start is not counted.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from app.database import db
from app.sync.connectors.files import FileDrop
from app.sync.inward.engine import run_source
from bench.sync.processes import processor_seconds
from bench.sync.streams import STREAMS
from wsgi import create_app


def make_mirrors() -> None:
    """Make the tables of the bench's streams beside the product's own."""
    for stream in STREAMS.values():
        stream.mirror.create(db.engine)


def read_drop(folder: Path, processes: int) -> dict[str, Any]:
    """Read what lies in a folder; return the seconds and the outcome of its only stream."""
    began, spent = time.perf_counter(), processor_seconds()
    (outcome,) = run_source(FileDrop(folder), list(STREAMS.values()), _quiet, processes=processes)
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "cpu_s": processor_seconds() - spent,
        "status": outcome.status,
        "counts": outcome.counts,
        "message": outcome.message,
    }


def _quiet(stream: str, done: int, expected: int | None) -> None:
    """Say nothing: the bench tells how far it is."""


def main() -> None:
    """Do the job."""
    job = json.load(sys.stdin)
    with create_app().app_context():
        if "folder" in job:
            print(json.dumps(read_drop(Path(job["folder"]), job["processes"])))
        else:
            make_mirrors()
            print(json.dumps({}))


if __name__ == "__main__":
    main()
