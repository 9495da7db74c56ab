"""``python -m bench.notices [--scale 10m]``: what notices cost, published, read and delivered.

Districts of 100,000 and a million residents (``--scale 10m``: ten million, too) with half a million
notices each, on a server that keeps what it acknowledges, under the product's own role. Delivery is
measured once, in the second of them.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.database import fresh_database
from bench.ground import environment_of
from bench.interpreter import CHECKOUT, interpreter
from bench.notices import delivery, district, publishing, reading
from bench.notices.district import Size
from bench.race import caller
from bench.servers import OURS, started

SIZES = (Size("100k", 100_000), Size("1m", 1_000_000))
TEN_MILLION = Size("10m", 10_000_000)
QUICK = (Size("10k", 20_000), Size("100k", 100_000))
DELIVERED = ("recipients_per_s", "kill_lost", "kill_duplicates", "worker_rss_growth")


def main() -> None:
    """Measure each size, and print a table and one line of JSON."""
    sizes = _asked()
    python, began = interpreter(), time.monotonic()
    found: dict[str, dict[str, float]] = {}
    delivered: dict[str, float] = {}
    for number, size in enumerate(sizes):
        with fresh_database(os.environ) as url, tempfile.TemporaryDirectory() as folder:
            found[size.name] = _measured(python, url, Path(folder), size, began)
            if number == 1:
                delivered = _delivered(python, url, Path(folder), size, began)
    print(_table(found))
    print("\n".join(f"{name:18}{figure:12.2f}" for name, figure in delivered.items()))
    print(json.dumps(_line(found) | {name: round(delivered[name], 2) for name in DELIVERED}))


def _measured(python: Path, url: str, folder: Path, size: Size, began: float) -> dict[str, float]:
    environment = environment_of(os.environ, url, folder)
    _say(began, f"{size.name}: writing a district of {size.residents:,} residents")
    prepare = [str(python), "-m", "flask", "--app", "wsgi", "prepare"]
    subprocess.run(prepare, env=environment, cwd=CHECKOUT, check=True, stdout=sys.stderr)
    made = district.build(url, environment, size)
    _say(began, f"{size.name}: publishing")
    to_all, to_some = publishing.measure(environment, made.staff)
    each = publishing.a_row_each(url)
    _say(began, f"{size.name}: reading")
    with started(OURS, python, environment) as server, caller(python, environment) as calling:
        figures = reading.measure(calling.send, server.port, made.tokens)
    _say(began, f"{size.name}: done")
    return {
        "publish_ms": to_all,
        "publish_10k_ms": to_some,
        "rows_way_ms": each,
        "rows_way_ratio": each / to_all,
        "inbox_p95_ms": figures.inbox_p95_ms,
        "unread_p95_ms": figures.unread_p95_ms,
        "poll_vs_health": figures.poll_vs_health,
        "polls_per_s": figures.polls_per_s,
    }


def _delivered(python: Path, url: str, folder: Path, size: Size, began: float) -> dict[str, float]:
    _say(began, f"{size.name}: delivering, and killing {delivery.KILLS} workers")
    found = delivery.measure(url, environment_of(os.environ, url, folder), python)
    _say(began, f"{size.name}: delivered")
    return dataclasses.asdict(found)


def _asked() -> list[Size]:
    parser = argparse.ArgumentParser(prog="python -m bench.notices", description=__doc__)
    parser.add_argument("--scale", default="", help="10m: ten million residents, too")
    parser.add_argument("--quick", action="store_true", help="small districts: does it run?")
    asked = parser.parse_args()
    if asked.quick:
        return list(QUICK)
    return [*SIZES, TEN_MILLION] if asked.scale == "10m" else list(SIZES)


def _table(found: Mapping[str, Mapping[str, float]]) -> str:
    names = list(next(iter(found.values())))
    head = f"{'':18}" + "".join(f"{size:>12}" for size in found)
    rows = [
        f"{name:18}" + "".join(f"{figures[name]:12.2f}" for figures in found.values())
        for name in names
    ]
    return "\n".join([head, *rows])


def _line(found: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Return the figures by name and size; of polls the worst."""
    names = [name for name in next(iter(found.values())) if name != "poll_vs_health"]
    by_size: dict[str, Any] = {
        name: {size: round(figures[name], 2) for size, figures in found.items()} for name in names
    }
    worst = min(figures["poll_vs_health"] for figures in found.values())
    return by_size | {"poll_vs_health": round(worst, 2)}


def _say(began: float, what: str) -> None:
    print(f"{time.monotonic() - began:4.0f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
