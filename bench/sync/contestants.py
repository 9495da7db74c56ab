"""Who loads: the product, a bare COPY, and dlt; each lap with its seconds, WAL and memory."""

import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg

from bench.database import server_process
from bench.processor import cpu_seconds_of
from bench.sync import stores
from bench.sync.dlt_settings import SETTINGS
from bench.sync.drops import Drop
from bench.sync.laps import Lap
from bench.sync.places import Places, url_with_everything
from bench.sync.processes import Answer, ask, processor_seconds
from bench.sync.stores import COPIED, Unequal, connected
from bench.sync.streams import STREAMS

COPY_BLOCK = 1 << 20  # from 8 KiB to 8 MiB no difference that shows
OUTCOMES = ("inserted", "updated", "same")
MIRRORS = [each.mirror.name for each in STREAMS.values()]


class Contestants:
    """All three, ready to be called in any order."""

    def __init__(self, python: Path, where: Places, folder: Path) -> None:
        """Take the interpreter, the databases, and a folder for what dlt remembers."""
        self._python, self._where, self._remembered = python, where, folder / "dlt"
        self._told = {**where.environment, **SETTINGS, "DLT_DATA_DIR": str(folder)}
        self._readings, self._server = 0, server_process(where.ours)
        stores.make_copied(where.peers)

    def read(self, drop: Drop, stream: str, processes: int, **expected: int) -> Lap:
        """Let the product read a drop under a new digest; ``expected``: inserted, updated, same.

        Raises:
            Unequal: something else came of the rows, or the mirror does not hold what was sent.
        """
        self._readings += 1
        drop.renew(self._readings, stream)
        lap = self._read(drop, processes, expected)
        stores.check_live(self._where.ours, STREAMS[stream].mirror.name, drop.rows)
        return lap

    def read_same(self, drop: Drop) -> Lap:
        """Let the product read once more, under the same digest, what it has just read.

        Raises:
            Unequal: it took any row for news.
        """
        return self._read(drop, 0, {})

    def copy(self, drop: Drop) -> Lap:
        """COPY the file as it is into an empty, logged table with a primary key."""
        stores.empty_copied(self._where.peers)
        return self._lap(lambda: self._copied(drop))

    def load_with_dlt(self, drop: Drop) -> Lap:
        """Let dlt upsert the file."""
        url = url_with_everything(self._where.peers)
        job = {"url": url, "path": str(drop.data), "folder": str(self._remembered)}
        return self._lap(lambda: ask(self._python, "bench.sync.dlt_load", job, self._told))

    def forget(self) -> None:
        """Empty what the product holds of the bench."""
        stores.empty_ours(self._where.ours, MIRRORS)

    def forget_dlt(self) -> None:
        """Drop what dlt has made, and what it remembers."""
        shutil.rmtree(self._remembered, ignore_errors=True)
        stores.drop_dlts(self._where.peers)

    def check_same(self, stream: str) -> None:
        """See that all three hold the same rows.

        Raises:
            Unequal: they do not.
        """
        stores.check_same(self._where.ours, STREAMS[stream].mirror.name, self._where.peers)

    def _read(self, drop: Drop, processes: int, expected: Mapping[str, int]) -> Lap:
        job = {"folder": str(drop.folder), "processes": processes}

        def load() -> Answer:
            answer = ask(self._python, "bench.sync.ours", job, self._where.environment)
            _check_outcome(drop.folder.name, answer.said, expected)
            return answer

        return self._lap(load)

    def _copied(self, drop: Drop) -> Answer:
        began, spent = time.perf_counter(), processor_seconds()
        with (
            drop.data.open("rb") as file,
            psycopg.connect(self._where.peers) as connection,
            connection.cursor() as cursor,
        ):
            file.readline()  # the note
            with cursor.copy(f"COPY {COPIED} FROM STDIN (FORMAT csv, HEADER)") as copy:
                while block := file.read(COPY_BLOCK):
                    copy.write(block)
            connection.commit()
        seconds = time.perf_counter() - began
        return Answer({"seconds": seconds, "cpu_s": processor_seconds() - spent}, 0.0)

    def _lap(self, load: Callable[[], Answer]) -> Lap:
        """Measure a load; what came before is vacuumed and written out: nobody inherits it."""
        stores.settle(self._where.ours, self._where.peers)
        with connected(self._where.ours) as connection:
            connection.execute("CHECKPOINT")
            before, worked = stores.wal_mb(connection), self._server_seconds()
            answer = load()
            written = stores.wal_mb(connection) - before
            working = self._server_seconds() - worked
        said = answer.said
        return Lap(said["seconds"], written, answer.memory_mb, said["cpu_s"], working)

    def _server_seconds(self) -> float:
        # A backend that ends between the look at the server and the look at its children is
        # missed by that look; the sum never falls, so the most of three is the true one.
        return max(cpu_seconds_of(self._server) for _ in range(3)) if self._server else 0.0


def _check_outcome(what: str, said: Mapping[str, Any], expected: Mapping[str, int]) -> None:
    found = {each: said["counts"].get(each, 0) for each in OUTCOMES}
    wanted = {each: expected.get(each, 0) for each in OUTCOMES}
    if said["status"] != "done" or found != wanted:
        raise Unequal(f"{what}: {said} instead of done, {wanted}")
