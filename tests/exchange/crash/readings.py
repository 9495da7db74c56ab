"""Readings of the made-up source in processes that may die, and the journals they leave."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.exchange.crash.driver import RECEIPT, VISITED
from tests.surroundings import ROOT

A_WHILE = 3.0  # seconds; twice what a reading takes on a machine with nothing else to do

Receipts = set[tuple[str, str, int]]
"""What a source was told: on a visit, of a stream, up to which row all is here."""


@dataclass(slots=True)
class Reading:
    """A reading that was started; ``journal`` holds what it reached, line by line."""

    pid: int
    journal: Path

    def kill(self) -> None:
        """Kill it, if it is still there: not yet waited for, the number is nobody else's."""
        os.kill(self.pid, signal.SIGKILL)

    def await_point(self, place: int) -> None:
        """Return once it has come to a point, at which it halts."""
        deadline = time.monotonic() + 30
        while len(self.reached()) <= place:
            assert time.monotonic() < deadline, "it never got there"
            time.sleep(0.01)

    def await_moment(self, place: int) -> None:
        """Return once it has passed a point, or in a while: fewer may be left, and it may be done.

        It goes on meanwhile: where it is by then is left to chance.
        """
        deadline = time.monotonic() + A_WHILE
        while len(self.reached()) <= place and time.monotonic() < deadline:
            time.sleep(0.001)

    def go_on(self) -> None:
        """Wake it after it halted."""
        os.kill(self.pid, signal.SIGCONT)

    def reached(self) -> list[str]:
        """Return the points that it reached so far."""
        return [line for line in self._lines() if not line.startswith((VISITED, RECEIPT))]

    def receipts(self) -> Receipts:
        """Return what the source has heard so far."""
        lines = [line.split()[1:] for line in self._lines() if line.startswith(RECEIPT)]
        return {(visit, stream, int(row)) for visit, stream, row in lines}

    def next_visit(self, otherwise: int) -> int:
        """Return which visit is to be made after it."""
        made = [int(line.split()[1]) for line in self._lines() if line.startswith(VISITED)]
        return made[-1] + 1 if made else otherwise

    def _lines(self) -> list[str]:
        return self.journal.read_text().splitlines() if self.journal.exists() else []


class Readings:
    """Starts readings one after the other, or beside each other."""

    def __init__(self, orders: IO[str], answers: IO[str], folder: Path) -> None:
        self._orders, self._answers, self._folder = orders, answers, folder
        self._started = 0

    def start(
        self,
        visit: int = 0,
        die_at: int | None = None,
        by: signal.Signals | str = signal.SIGKILL,
        until: int | None = None,
        deed: str | None = None,
    ) -> Reading:
        """Start a reading from a visit on; ``die_at``: the point at which it is struck.

        ``by``: a signal, or ``DISCONNECT``. ``until``: before which visit it ends, if not the last.
        ``deed``: what is done in place of a reading (see ``DEEDS``).
        """
        self._started += 1
        journal = self._folder / f"{self._started}.journal"
        about = {"visit": visit, "until": until, "die_at": die_at, "by": by, "deed": deed}
        return Reading(self._tell(do="start", journal=str(journal), **about), journal)

    def wait(self, reading: Reading) -> int:
        """Return how it ended: its exit code, or the signal as a negative number."""
        return self._tell(do="wait", pid=reading.pid)

    def run(
        self,
        visit: int = 0,
        die_at: int | None = None,
        by: signal.Signals | str = signal.SIGKILL,
        deed: str | None = None,
    ) -> tuple[int, Reading]:
        """Start a reading and return how it ended, and the reading."""
        reading = self.start(visit, die_at, by, deed=deed)
        return self.wait(reading), reading

    def _tell(self, **order: object) -> int:
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        answer = self._answers.readline()
        assert answer, "the driver is gone"
        return int(answer)


@contextmanager
def readings_of(seed: int, environ: Mapping[str, str], folder: Path) -> Iterator[Readings]:
    """Yield the readings of a made-up source on the database that the environment names."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.exchange.crash.driver", str(seed)],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        yield Readings(process.stdin, process.stdout, folder)
        process.stdin.close()
