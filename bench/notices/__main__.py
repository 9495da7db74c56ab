"""``python -m bench.notices [--scale 10m]``: what notices cost, published, read and delivered.

Districts of 100,000 and a million residents (``--scale 10m``: ten million, too) with half a million
notices each, on a server that keeps what it acknowledges, under the product's own role. Delivery is
measured once, in the second of them.
"""

import argparse
import dataclasses
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.database import environment_of, fresh_database
from bench.interpreter import CHECKOUT, interpreter
from bench.notices import delivery, district, holding, publishing, reading
from bench.notices.district import District, Size
from bench.race import caller
from bench.servers import OURS, started


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured, and how often."""

    sizes: tuple[Size, ...]
    publishings: int = publishing.ROUNDS
    rounds: int = reading.ROUNDS
    seconds: float = reading.SECONDS
    kills: int = delivery.KILLS
    readers: int = 2000


USUAL = Plan((Size("100k", 100_000), Size("1m", 1_000_000)))
TEN_MILLION = Size("10m", 10_000_000)
QUICK = Plan((Size("20k", 20_000, 20_000), Size("40k", 40_000, 20_000)), 4, 1, 0.5, 3, 100)
DELIVERED = (
    *("recipients_per_s", "kill_lost", "kill_duplicates", "kill_duplicates_bound"),
    "worker_rss_growth",
)
HELD = ("live_pages", "live_kib_each", "live_told_s")
BY_SIZE = (
    *("publish_ms", "publish_10k_ms", "rows_way_ms", "rows_way_ratio"),
    *("inbox_p95_ms", "unread_p95_ms", "polls_per_s"),
)
POLLS = "poll_vs_health"

Figures = dict[str, float]


class Run:
    """One run of a plan: what was found, and which parts failed."""

    def __init__(self, plan: Plan, python: Path) -> None:
        self.plan, self.python, self._began = plan, python, time.monotonic()
        self.by_size: dict[str, Figures] = {size.name: {} for size in plan.sizes}
        self.once: Figures = {}
        self.failed = False

    def size(self, size: Size, *, and_deliver: bool) -> None:
        """Measure a size on a fresh database."""
        found = self.by_size[size.name]
        with fresh_database(os.environ) as url, tempfile.TemporaryDirectory() as folder:
            environment = environment_of(os.environ, url, Path(folder))
            self._say(f"{size.name}: writing a district of {size.residents:,} residents")
            prepare = [str(self.python), "-m", "flask", "--app", "wsgi", "prepare"]
            subprocess.run(prepare, env=environment, cwd=CHECKOUT, check=True, stdout=sys.stderr)
            made = district.build(url, environment, size)
            parts: list[tuple[str, Figures, Callable[[], Figures]]] = [
                ("publishing", found, lambda: self._published(url, environment, made)),
                ("reading", found, lambda: self._read(environment, made)),
            ]
            if and_deliver:
                parts += [
                    ("delivering", self.once, lambda: self._delivered(url, environment)),
                    ("holding pages", self.once, lambda: self._held(url, environment, made)),
                ]
            for what, into, part in parts:
                self._say(f"{size.name}: {what}")
                self._try(what, into, part)

    def _try(self, what: str, into: Figures, part: Callable[[], Figures]) -> None:
        """Measure a part; one that fails is told of and does not cost the figures of the others."""
        try:
            into.update(part())
        except Exception:  # whatever it was: it is told, and the run ends with a failure
            self.failed = True
            print(f"{what} failed:\n{traceback.format_exc()}", file=sys.stderr, flush=True)

    def _published(self, url: str, environment: Mapping[str, str], made: District) -> Figures:
        plan = self.plan
        to_all, to_some = publishing.measure(environment, made.staff, plan.publishings)
        each = publishing.a_row_each(url)
        ratio = each / to_all
        return dict(zip(BY_SIZE, (to_all, to_some, each, ratio), strict=False))

    def _read(self, environment: Mapping[str, str], made: District) -> Figures:
        plan = self.plan
        with (
            started(OURS, self.python, environment) as server,
            caller(self.python, environment) as calling,
        ):
            return dataclasses.asdict(
                reading.measure(calling.send, server.port, made.tokens, plan.rounds, plan.seconds)
            )

    def _delivered(self, url: str, environment: Mapping[str, str]) -> Figures:
        found = delivery.measure(url, environment, self.python, self.plan.kills)
        if not found.kills_cost_no_more_than_promised:
            self.failed = True
            print("kills lost somebody, or repeated too many", file=sys.stderr, flush=True)
        return dataclasses.asdict(found)

    def _held(self, url: str, environment: Mapping[str, str], made: District) -> Figures:
        tokens = made.tokens[: self.plan.readers]
        return dataclasses.asdict(holding.measure(url, environment, self.python, tokens))

    def _say(self, what: str) -> None:
        print(f"{time.monotonic() - self._began:4.0f} s  {what}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure each size, and print a table and one line of JSON, whatever failed."""
    run = Run(_asked(), interpreter())
    for number, size in enumerate(run.plan.sizes):
        run.size(size, and_deliver=number == 1)
    print(_table(run.by_size))
    print("\n".join(f"{name:18}{figure:12.2f}" for name, figure in run.once.items()))
    print(json.dumps(_line(run)))
    sys.exit(run.failed)


def _asked() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m bench.notices", description=__doc__)
    parser.add_argument("--scale", default="", help="10m: ten million residents, too")
    parser.add_argument("--quick", action="store_true", help="small districts: does it run?")
    asked = parser.parse_args()
    if asked.quick:
        return QUICK
    if asked.scale == "10m":
        return dataclasses.replace(USUAL, sizes=(*USUAL.sizes, TEN_MILLION))
    return USUAL


def _table(found: Mapping[str, Figures]) -> str:
    head = f"{'':18}" + "".join(f"{size:>12}" for size in found)
    rows = [
        f"{name:18}" + "".join(f"{figures.get(name, math.nan):12.2f}" for figures in found.values())
        for name in (*BY_SIZE, POLLS)
    ]
    return "\n".join([head, *rows])


def _line(run: Run) -> dict[str, Any]:
    """Return every figure by name, and by size where there are several; null: it failed."""
    by_size: dict[str, Any] = {
        name: {size: _round(found.get(name)) for size, found in run.by_size.items()}
        for name in BY_SIZE
    }
    polls = [found[POLLS] for found in run.by_size.values() if POLLS in found]
    once = {name: _round(run.once.get(name)) for name in (*DELIVERED, *HELD)}
    return by_size | {POLLS: _round(min(polls, default=None))} | once


def _round(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)


if __name__ == "__main__":
    main()
