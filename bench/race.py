"""Rounds: every contestant in turn, again and again, so that a slow minute of the machine is all's.

What is compared is the ratio within a round; the median of the rounds is told.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import calls
from bench.interpreter import CHECKOUT
from bench.processor import cpu_seconds_of
from bench.servers import OURS, Contestant

READS_PREPARED = 512
MOST_READS = 20_000
MOST_WRITES = 6_000


class Wrong(Exception):
    """A contestant gave a status other than the one expected."""


@dataclass(frozen=True)
class Lap:
    """What one contestant did in one round."""

    per_second: float
    cpu_ms: float
    database_ms: float
    p50_ms: float
    p95_ms: float


@dataclass
class Outcome:
    """All laps of one operation, by contestant."""

    laps: dict[str, list[Lap]] = field(default_factory=dict)

    def ratio(self, other: str) -> float:
        """Return our calls a second by theirs: the median of the rounds."""
        pairs = zip(self.laps[OURS], self.laps[other], strict=True)
        return median(ours.per_second / theirs.per_second for ours, theirs in pairs)

    def middle(self, name: str, figure: str) -> float:
        """Return the median of a figure of a contestant."""
        return float(median(getattr(lap, figure) for lap in self.laps[name]))


class Caller:
    """The process that makes the calls."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take a running ``bench.load``."""
        self._process = process

    def call(self, port: int, kind: str, seconds: float, tokens: Sequence[str]) -> dict[str, Any]:
        """Let it make one kind of call for some seconds; return what it saw."""
        reading = kind == "nearby"
        job = {
            "port": port,
            "expect": 200 if reading else 201,
            "seconds": seconds,
            "most": MOST_READS if reading else MOST_WRITES,
            "calls": calls.nearby(tokens, READS_PREPARED)
            if reading
            else calls.file(tokens, MOST_WRITES),
        }
        return self.send(job)

    def send(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Let it do a job of ``bench.load``; return what it saw."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        outcome: dict[str, Any] = json.loads(self._process.stdout.readline())
        return outcome


@contextmanager
def caller(python: Path, environment: Mapping[str, str]) -> Iterator[Caller]:
    """Run the process that makes the calls."""
    command = [str(python), "-m", "bench.load"]
    with subprocess.Popen(
        command,
        env=dict(environment),
        cwd=CHECKOUT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield Caller(process)
        if process.stdin is not None:
            process.stdin.close()


@dataclass(frozen=True)
class Race:
    """Who runs, who calls, and how long a lap is."""

    contestants: Sequence[Contestant]
    tokens: Sequence[str]
    caller: Caller
    database: int | None
    seconds: float

    def warm(self, kind: str) -> None:
        """Let every contestant prepare its statements and fill its caches."""
        for each in self.contestants:
            self.caller.call(each.port, kind, min(self.seconds, 1.0), self.tokens)

    def round(self, kind: str, outcome: Outcome) -> None:
        """Let every contestant run one lap.

        Raises:
            Wrong: an answer had another status.
        """
        for each in self.contestants:
            outcome.laps.setdefault(each.name, []).append(self._lap(each, kind))

    def _lap(self, each: Contestant, kind: str) -> Lap:
        before, stored = each.cpu_seconds(), self._database_seconds()
        seen = self.caller.call(each.port, kind, self.seconds, self.tokens)
        spent, storing = each.cpu_seconds() - before, self._database_seconds() - stored
        if seen["bad"]:
            raise Wrong(f"{each.name}: {seen['bad']} of {seen['done']} answers to {kind}")
        done = seen["done"]
        return Lap(
            per_second=done / seen["seconds"],
            cpu_ms=spent / done * 1000,
            database_ms=storing / done * 1000,
            p50_ms=seen["p50_ms"],
            p95_ms=seen["p95_ms"],
        )

    def _database_seconds(self) -> float:
        return cpu_seconds_of(self.database) if self.database else 0.0
