"""``python -m bench.sync [--scale 10m]``: what reading the district's records costs.

A million residents of 16 columns, dropped as a file: read for the first time, again, with few
changes, and sealed; beside a raw COPY of the same file into a logged table with a primary key, and
beside dlt in its fastest mode. All on one server that keeps what it acknowledges; medians of three
rounds, everybody in turn. ``--scale 10m`` then reads ten million, for the memory that it takes.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.interpreter import interpreter
from bench.sync import report
from bench.sync.contestants import Contestants
from bench.sync.drops import write_drop, write_shuffled
from bench.sync.laps import Outcome
from bench.sync.names import PERSONAL
from bench.sync.places import places
from bench.sync.residents import Variant
from bench.sync.rounds import Drops, Round

ROWS, TEN_MILLION = 1_000_000, 10_000_000
SEED = 20261123
CHANGED, GONE = 0.01, 0.001


def main() -> None:
    """Prepare, race, and print."""
    asked = _asked()
    say = Said()
    python = interpreter()
    with ExitStack() as stack:
        passing = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        where = stack.enter_context(places(os.environ, python, passing))
        say(where.settings)
        files = asked.cache or passing
        drops = _drops(files, asked.rows, asked.seed, say)
        say(f"{asked.rows:,} residents, {drops.first.megabytes:.0f} MB; seed {asked.seed}")
        everybody = Contestants(python, where, passing)
        outcome = Outcome()
        for number in range(1, asked.rounds + 1):
            busy = os.getloadavg()[0]
            say(f"round {number} of {asked.rounds}; load average {busy:.1f} of {os.cpu_count()}")
            Round(everybody, drops, outcome, say).run()
        memory_mb = outcome.memory_mb
        if asked.scale == "10m":
            memory_mb = _memory_of_many(everybody, files, asked.seed, say)
        everybody.forget()
    found = report.figures(outcome, asked.rows, memory_mb)
    print(f"\n{where.settings}\n\n{report.table(outcome, asked.rows)}\n")
    many = TEN_MILLION if asked.scale == "10m" else asked.rows
    print(
        f"{report.verdicts(found)}\n(memory: the most that all our processes held, {many:,} rows)"
    )
    print(report.line(found))


@dataclass
class Said:
    """Tells on standard error what is done, and when."""

    began: float = 0.0

    def __call__(self, what: str) -> None:
        """Say it."""
        self.began = self.began or time.monotonic()
        print(f"{time.monotonic() - self.began:4.0f} s  {what}", file=sys.stderr, flush=True)


def _drops(files: Path, rows: int, seed: int, say: Said) -> Drops:
    changed, gone = Variant(changed=CHANGED), Variant(changed=CHANGED, gone=GONE)
    return Drops(
        first=write_drop(files / "first", rows, seed, Variant(), say),
        shuffled=write_shuffled(files / "shuffled", rows, seed, say),
        changed=write_drop(files / "changed", rows, seed, changed, say),
        gone=write_drop(files / "gone", rows, seed, gone, say),
    )


def _memory_of_many(everybody: Contestants, files: Path, seed: int, say: Said) -> float:
    """Read ten million with two processes, sealed, and once more; return the most memory."""
    everybody.forget()
    drop = write_drop(files / "many", TEN_MILLION, seed, Variant(), say)
    first = everybody.read(drop, PERSONAL, 2, inserted=drop.rows)
    say(f"{drop.rows:,} sealed: {first.seconds:.1f} s, {first.memory_mb:.0f} MB of memory")
    again = everybody.read(drop, PERSONAL, 0, same=drop.rows)
    say(f"the same again: {again.seconds:.1f} s, {again.memory_mb:.0f} MB of memory")
    return max(first.memory_mb, again.memory_mb)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.sync", description=__doc__)
    parser.add_argument("--scale", choices=("1m", "10m"), default="1m")
    parser.add_argument("--rows", type=int, default=ROWS, help="for a shorter look")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--cache", type=Path, help="where the files stay (else they pass)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
