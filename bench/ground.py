"""``python -m bench.ground [--quick]``: what the ground itself costs, beside three peers.

One read (the nearest 20 of 100,000 open requests) and one write (to file a request), with all
that an operation of the product has: token, session and grants, policy, validation, audit,
idempotency, timeline, outbox, sealed fields. The same on the same tables by a bare WSGI function
(the floor), by FastAPI with SQLAlchemy's asyncio and asyncpg, and by Django REST framework.
"""

import argparse
import base64
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.database import environment_of, fresh_database, server_process
from bench.fairness import check
from bench.interpreter import CHECKOUT, interpreter
from bench.race import Outcome, Race, caller
from bench.report import line, table
from bench.seed import CASES, seed
from bench.servers import running

SAMPLE = "sample/records"
KINDS = ("nearby", "file")


def main() -> None:
    """Prepare, check, race, and print."""
    asked = _asked()
    python = interpreter()
    began = time.monotonic()
    with fresh_database(os.environ) as url, tempfile.TemporaryDirectory() as folder:
        environment = environment_of(os.environ, url, Path(folder))
        _say(began, "loading the sample district")
        prepare = [str(python), "-m", "flask", "--app", "wsgi", "prepare", "--sample", SAMPLE]
        subprocess.run(prepare, env=environment, cwd=CHECKOUT, check=True, stdout=sys.stderr)
        _say(began, f"filing {CASES:,} cases")
        tokens = seed(url, base64.b64decode(environment["LINLI_JWT_KEY"]))
        with running(python, environment) as contestants, caller(python, environment) as calling:
            _say(began, "checking that all contestants do the same")
            check(contestants, tokens, url)
            race = Race(contestants, tokens, calling, server_process(url), asked.seconds)
            outcomes = {kind: _run(race, kind, asked.rounds, began) for kind in KINDS}
    print(table(outcomes))
    print(line(outcomes))


def _run(race: Race, kind: str, rounds: int, began: float) -> Outcome:
    outcome = Outcome()
    race.warm(kind)
    for number in range(1, rounds + 1):
        race.round(kind, outcome)
        rates = ", ".join(
            f"{name} {laps[-1].per_second:.0f}" for name, laps in outcome.laps.items()
        )
        _say(began, f"{kind}, round {number} of {rounds}: calls/s {rates}")
    return outcome


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ground", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--rounds", type=int, help="how often everybody runs (7; quick 3)")
    parser.add_argument("--seconds", type=float, help="how long a lap is (3; quick 1.2)")
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (3 if asked.quick else 7)
    asked.seconds = asked.seconds or (1.2 if asked.quick else 3.0)
    return asked


def _say(began: float, what: str) -> None:
    print(f"{time.monotonic() - began:4.0f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
