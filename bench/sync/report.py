"""The table that a person reads, and the line that a program reads."""

import json
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from bench.sync import laps as races
from bench.sync.laps import Outcome

HEAD = (
    f"{'':32}{'min s':>8}{'median':>8}{'max':>8}{'rows/s':>11}{'x COPY':>8}"
    f"{'cpu s':>7}{'db cpu':>8}{'WAL MB':>8}{'memory MB':>11}"
)
TARGETS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "full_vs_copy": ("2.2 or less", lambda found: found <= 2.2),
    "pii_rows_per_s": (
        "65,000 and 110,000 or more",
        lambda found: found["1"] >= 65_000 and found["2"] >= 110_000,
    ),
    "noop_vs_dlt": ("2 or more", lambda found: found >= 2),
    "noop_wal_mb": ("less than 5", lambda found: found < 5),
    "same_file_s": ("less than 1", lambda found: found < 1),
    "one_percent_extra_s": ("1 or less", lambda found: found <= 1),
    "rss_mb": ("less than 400", lambda found: found < 400),
}


def table(outcome: Outcome, rows: int) -> str:
    """Return all laps: least, median and most seconds, and the medians of the rest.

    ``cpu s`` is the loader's processor time and ``db cpu`` the server's: what a busy machine does
    not stretch.
    """
    lines = [HEAD]
    for what, laps in outcome.laps.items():
        seconds = outcome.seconds(what)
        middle = median(seconds)
        wal, memory = median(lap.wal_mb for lap in laps), max(lap.memory_mb for lap in laps)
        cpu, server = median(lap.cpu_s for lap in laps), median(lap.server_s for lap in laps)
        pace = "" if what == races.SAME_FILE else f"{rows / middle:,.0f}"
        lines.append(
            f"{what:32}{min(seconds):8.2f}{middle:8.2f}{max(seconds):8.2f}{pace:>11}"
            f"{outcome.ratio(what, races.COPY):8.2f}{cpu:7.2f}{server:8.2f}{wal:8.1f}"
            f"{f'{memory:.0f}' if memory else '':>11}"
        )
    return "\n".join(lines)


def figures(outcome: Outcome, rows: int, memory_mb: float) -> dict[str, Any]:
    """Return the figures that have a target, and one more: rows in no order against COPY."""
    return {
        "full_vs_copy": round(outcome.ratio(races.FULL, races.COPY), 2),
        "pii_rows_per_s": {
            "1": round(rows / median(outcome.seconds(races.SEALED))),
            "2": round(rows / median(outcome.seconds(races.SEALED_TWO))),
        },
        "noop_vs_dlt": round(outcome.ratio(races.DLT_AGAIN, races.AGAIN), 2),
        "noop_wal_mb": round(median(lap.wal_mb for lap in outcome.laps[races.AGAIN]), 2),
        "same_file_s": round(median(outcome.seconds(races.SAME_FILE)), 2),
        "one_percent_extra_s": round(outcome.extra(races.CHANGED, races.AGAIN), 2),
        "rss_mb": round(memory_mb),
        "shuffled_vs_copy": round(outcome.ratio(races.SHUFFLED, races.COPY), 2),
    }


def verdicts(found: Mapping[str, Any]) -> str:
    """Return each figure beside its target."""
    lines = []
    for name, (words, reached) in TARGETS.items():
        sign = "reached" if reached(found[name]) else "MISSED"
        value = found[name]
        if isinstance(value, dict):
            value = ", ".join(f"{each:,}" for each in value.values())
        lines.append(f"{name:22}{value!s:>18}   {sign:9}{words}")
    return "\n".join(lines)


def line(found: Mapping[str, Any]) -> str:
    """Return the figures as one line of JSON."""
    return json.dumps(found)
