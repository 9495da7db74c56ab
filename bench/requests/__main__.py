"""``python -m bench.requests [--scale 1m]``: the life of requests, and looks at many of them.

DIGIT's lifecycle (create, assign, resolve, search: four calls) and its burst, the nearest 20,
clusters of a map, and fifty who run for one request; with gunicorn and PostgreSQL as they are
deployed, the caller on the same processors. Everything is drawn from a seed.
"""

import argparse
import base64
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.database import environment_of, fresh_database, server_process
from bench.ground import SAMPLE
from bench.interpreter import CHECKOUT
from bench.requests import seeding
from bench.requests.measuring import Bench, Measured
from bench.requests.people import sign_in
from bench.requests.report import Size, page
from bench.requests.scripts import Scripts
from bench.seed import STREET
from bench.servers import OURS, started

SEED = 20261125
KINDS = ("lifecycle", "nearby", "clusters")
SCALES = {
    "smoke": (2_000, 10_000),
    "1m": (10_000, 100_000, 1_000_000),
    "10m": (10_000, 100_000, 1_000_000, 10_000_000),
}


def main() -> None:
    """Prepare, grow, measure at each size, and print."""
    asked = _asked()
    began = time.monotonic()
    python = Path(sys.executable)
    with fresh_database(os.environ) as url, tempfile.TemporaryDirectory() as folder:
        environment = environment_of(os.environ, url, Path(folder))
        _say(began, "loading the sample district")
        prepare = [str(python), "-m", "flask", "--app", "wsgi", "prepare", "--sample", SAMPLE]
        subprocess.run(prepare, env=environment, cwd=CHECKOUT, check=True, stdout=sys.stderr)
        people = sign_in(url, base64.b64decode(environment["LINLI_JWT_KEY"]), STREET)
        places = seeding.places(url)
        scripts = Scripts(people, places, random.Random(SEED))
        in_street = next(place for place in places if place[2].startswith(f"{STREET}-"))
        found: dict[int, Size] = {}
        before = 0
        for size in SCALES[asked.scale]:
            _say(began, f"{size:,} cases")
            seeding.grow(url, before, size, people.account)
            before = size
            weight = seeding.bytes_per_case(url)
            with started(OURS, python, environment) as server:
                bench = Bench(server, server_process(url), scripts)
                kinds = {}
                for kind in KINDS:
                    kinds[kind] = bench.closed(kind, asked.seconds)
                    _say(began, _said(kind, kinds[kind]))
                    _demand(kinds[kind].wrong())
                found[size] = Size(kinds, weight)
                if size == max(SCALES[asked.scale]):
                    burst = bench.burst()
                    _say(began, f"burst: p95 {burst.p95_ms():.0f} ms, {len(burst.wrong)} errors")
                    single, wrong = bench.claims(in_street)
                    _demand(wrong)
    print(page(found, burst, single, time.monotonic() - began))


def _said(kind: str, each: Measured) -> str:
    return f"{kind}: {each.per_second():.1f}/s, p95 {each.p95_ms():.1f} ms"


def _demand(wrong: list[str]) -> None:
    if wrong:
        raise SystemExit(f"{len(wrong)} wrong answers, the first: {wrong[0]}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.requests", description=__doc__)
    parser.add_argument("--scale", choices=SCALES, default="1m")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long a lap is")
    return parser.parse_args()


def _say(began: float, what: str) -> None:
    print(f"{time.monotonic() - began:4.0f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
