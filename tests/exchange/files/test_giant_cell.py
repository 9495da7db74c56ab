"""A cell as large as four gigabytes: its row is named, and nobody's memory is filled with it."""

import multiprocessing
import resource
from pathlib import Path

from app.sync.connectors.files import FileDrop
from tests.exchange.files.leaving import STREAM, describe, take

GIANT = 4 << 30  # bytes; a hole in the file, which takes no room on the disk
DIGEST = "5cb75d129b1e7c10dfe3b2b41e9f3422121165738a1de71114ac8fa7cd6d0a24"
MOST_MB = 200


def _read(folder: Path) -> tuple[list[str | None], list[str], int]:
    """Return keys and codes, and by how many MB the process that read them grew at its largest."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = take(FileDrop(folder), size=10)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return taken.sids, taken.codes, grown // 1024


def test_a_cell_of_four_gigabytes_costs_its_row_and_no_memory(tmp_path: Path) -> None:
    with (tmp_path / "residents.csv").open("wb") as file:
        file.write(b"sid,ver,name\nR1,1,a\nR2,1,")
        file.seek(GIANT, 1)
        file.write(b"\nR3,1,b\n")
    told = {"stream": STREAM, "file": "residents.csv", "format": "csv", "rows": 3}
    describe(tmp_path, [{**told, "sha256": DIGEST}])
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        sids, codes, grown = pool.apply(_read, [tmp_path])
    assert (sids, codes) == (["R1", "R3"], ["CELL_TOO_LARGE"])
    assert grown < MOST_MB
