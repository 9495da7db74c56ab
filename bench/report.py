"""The table that a person reads, and the line that a program reads."""

import json
from collections.abc import Mapping

from bench.race import Outcome
from bench.servers import OURS

HEAD = f"{'':10}{'calls/s':>9}{'ours/it':>9}{'server ms':>11}{'db ms':>8}{'p50 ms':>9}{'p95 ms':>9}"


def table(outcomes: Mapping[str, Outcome]) -> str:
    """Return the medians of all rounds; ``server ms`` and ``db ms`` are processor time a call."""
    lines = []
    for kind, outcome in outcomes.items():
        lines += [f"\n{kind}", HEAD]
        for name in outcome.laps:
            ratio = "" if name == OURS else f"{outcome.ratio(name):.2f}"
            figures = [outcome.middle(name, each) for each in ("cpu_ms", "database_ms")]
            waits = [outcome.middle(name, each) for each in ("p50_ms", "p95_ms")]
            lines.append(
                f"{name:10}{outcome.middle(name, 'per_second'):9.0f}{ratio:>9}"
                f"{figures[0]:11.2f}{figures[1]:8.2f}{waits[0]:9.1f}{waits[1]:9.1f}"
            )
    return "\n".join(lines)


def line(outcomes: Mapping[str, Outcome]) -> str:
    """Return one line of JSON: by operation, ours/theirs in calls a second, and our server's ms."""
    found = {
        kind: {
            **{name: round(outcome.ratio(name), 2) for name in outcome.laps if name != OURS},
            "cpu_ms": round(outcome.middle(OURS, "cpu_ms"), 2),
        }
        for kind, outcome in outcomes.items()
    }
    return json.dumps(found)
