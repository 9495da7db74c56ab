"""The table that a person reads, the aims beside what was measured, and the line for a program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.requests.load import Seen
from bench.requests.measuring import Measured

NAMES = {10_000: "10k", 100_000: "100k", 1_000_000: "1m", 10_000_000: "10m"}
WITHIN = 0.25
CLAIMS = 200


@dataclass(frozen=True)
class Size:
    """What was measured at one size."""

    kinds: Mapping[str, Measured]
    bytes_per_case: int


def name_of(size: int) -> str:
    """Return the short name of a size."""
    return NAMES.get(size, str(size))


def page(sizes: Mapping[int, Size], burst: Seen, single: int, seconds: float) -> str:
    """Return all that is told: the table, each aim met or MISSED, and the line last of all."""
    judged = [
        f"{'met   ' if met else 'MISSED'}  {aim}: {figure}"
        for aim, met, figure in aims(sizes, burst, single)
    ]
    took = f"{seconds:.0f} s, at {name_of(max(sizes))} cases the largest"
    return "\n".join([table(sizes), "", *judged, "", took, "", line(sizes, burst, single)])


def table(sizes: Mapping[int, Size]) -> str:
    """Return the figures by size and kind."""
    head = (
        f"{'cases':>7} {'':10}{'a second':>9}{'p50 ms':>8}{'p95 ms':>8}{'call p95':>9}"
        f"{'web ms':>8}{'db ms':>7}{'B/case':>8}"
    )
    lines = [head]
    for size, found in sizes.items():
        for kind, each in found.kinds.items():
            lines.append(
                f"{name_of(size):>7} {kind:10}{each.per_second():9.1f}{each.p50_ms():8.1f}"
                f"{each.p95_ms():8.1f}{each.call_p95_ms():9.1f}{each.web_ms:8.2f}"
                f"{each.database_ms:7.2f}{found.bytes_per_case:8}"
            )
    return "\n".join(lines)


def aims(sizes: Mapping[int, Size], burst: Seen, single: int) -> list[tuple[str, bool, str]]:
    """Return each aim, whether it is met, and by what."""
    small, large = sizes[min(sizes)].kinds, sizes[max(sizes)].kinds
    life = large["lifecycle"]
    found = [
        ("at least 60 lifecycles a second", life.per_second() >= 60, f"{life.per_second():.1f}"),
        ("lifecycle p95 under 250 ms", life.p95_ms() < 250, f"{life.p95_ms():.0f} ms"),
        _flat("lifecycles", life.per_second(), small["lifecycle"].per_second(), more=True),
    ]
    for kind, most in (("nearby", 30), ("clusters", 50)):
        here, there = large[kind].p95_ms(), small[kind].p95_ms()
        found.append((f"{kind} p95 under {most} ms", here < most, f"{here:.1f} ms"))
        found.append(_flat(f"{kind} p95", here, there, more=False))
    found += [
        ("burst without an error", not burst.wrong, f"{len(burst.wrong)} of {burst.calls}"),
        ("burst p95 under 1 s", burst.p95_ms() < 1000, f"{burst.p95_ms():.0f} ms"),
        (f"one winner of {CLAIMS} times fifty", single == CLAIMS, str(single)),
    ]
    return found


def _flat(what: str, large: float, small: float, *, more: bool) -> tuple[str, bool, str]:
    change = large / small - 1 if small else 0.0
    held = change >= -WITHIN if more else change <= WITHIN
    return f"{what} within 25 % of the smallest", held, f"{change:+.0%}"


def line(sizes: Mapping[int, Size], burst: Seen, single: int) -> str:
    """Return one line of JSON."""

    def by_size(kind: str, figure: str) -> dict[str, float]:
        return {
            name_of(size): round(getattr(found.kinds[kind], figure)(), 1)
            for size, found in sizes.items()
        }

    told: dict[str, Any] = {
        "lifecycles_per_s": by_size("lifecycle", "per_second"),
        "lifecycle_p95_ms": by_size("lifecycle", "p95_ms"),
        "nearby_p95_ms": by_size("nearby", "p95_ms"),
        "cluster_p95_ms": by_size("clusters", "p95_ms"),
        "burst_errors": len(burst.wrong),
        "burst_p95_ms": round(burst.p95_ms(), 1),
        "single_winners": single,
        "bytes_per_case": sizes[max(sizes)].bytes_per_case,
        "cpu_ms_per_call": {
            name_of(size): round(found.kinds["lifecycle"].web_ms, 2)
            for size, found in sizes.items()
        },
    }
    return json.dumps(told)
