"""``python -m bench.identity [--quick]``: what signing in costs.

1. Processor time of the server that a token, its session and its grants add to a call: one route,
   open and guarded, in turn; from process accounting.
2. How long the inbox takes while 200 people a second sign in, a tenth of them by password.
3. What a stranger learns of a number: medians, headers and bytes for known and unknown ones.

Prints a table, and one JSON line last.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.database import environment_of, fresh_database
from bench.ground import SAMPLE
from bench.identity.costs import load_process, token_and_grants
from bench.identity.strangers import Answers, asked_for_codes, tried_passwords
from bench.interpreter import CHECKOUT
from bench.servers import Contestant, started

SERVER = ("-m", "gunicorn", "-c", "gunicorn.conf.py", "bench.identity.wsgi:app")
SIGN_INS, BY_PASSWORD, INBOXES = 200.0, 20.0, 50.0  # a second
AIMS = {
    "token_and_grants_cpu_ms": 1.0,
    "inbox_p99_ms_under_sign_ins": 1000.0,
    "unknown_minus_known_ms": 5.0,
}


def main() -> int:
    """Measure, print, and tell by the exit whether the aims are met."""
    asked, python, began = _asked(), Path(sys.executable), time.monotonic()
    with fresh_database(os.environ) as url, tempfile.TemporaryDirectory() as folder:
        environment = environment_of(os.environ, url, Path(folder)) | {"LINLI_PROXIES": "1"}
        _say(began, "loading the sample district")
        _run(python, environment, "-m", "flask", "--app", "wsgi", "prepare", "--sample", SAMPLE)
        tokens = json.loads(_run(python, environment, "-m", "bench.identity.seeding"))
        with started("linli", python, environment, SERVER) as server:
            found, lines = _measured(server, python, environment, tokens, asked, began)
    print("\n".join(lines))
    print(json.dumps(found))
    return int(any(abs(found[name]) >= aim for name, aim in AIMS.items()))


def _measured(
    server: Contestant,
    python: Path,
    environment: dict[str, str],
    tokens: list[str],
    asked: argparse.Namespace,
    began: float,
) -> tuple[dict[str, float], list[str]]:
    _say(began, "one route, open and guarded")
    calling = load_process(python, environment, CHECKOUT)
    cost, laps = token_and_grants(calling, server, tokens, asked.laps, asked.seconds)
    calling.terminate()
    _say(began, f"known and unknown numbers, {asked.samples} each")
    known, unknown = asked_for_codes(server.port, asked.samples)
    right, wrong = tried_passwords(server.port, max(20, asked.samples // 5))
    _say(began, f"{SIGN_INS:.0f} sign-ins a second for {asked.flood:.0f} s")
    quiet = _flood(server, python, environment, tokens, asked.flood / 2, ())
    loud = _flood(server, python, environment, tokens, asked.flood, ("code", "password"))
    same = known.shapes == unknown.shapes and len(known.shapes) == 1
    if not same or right.shapes != wrong.shapes:
        raise SystemExit(f"answers differ: {known.shapes} {unknown.shapes} {right.shapes}")
    found = {
        "token_and_grants_cpu_ms": round(cost, 3),
        "inbox_p99_ms_under_sign_ins": round(loud["inbox"]["p99_ms"], 1),
        "unknown_minus_known_ms": round(unknown.median_ms() - known.median_ms(), 3),
    }
    lines = [
        "a route, server ms a call           open   guarded",
        *(f"  lap {n:<28}{a:9.3f}{b:9.3f}" for n, (a, b) in enumerate(laps, 1)),
        "from the outside, median ms        known   unknown",
        _pair(f"{asked.samples} codes asked for", known, unknown),
        _pair(f"{len(right.waits)} wrong passwords", right, wrong),
        "at a fixed rate          due    done   p50 ms    p99 ms   statuses",
        *(_row(f"{name}, quiet", each) for name, each in quiet.items()),
        *(_row(name, each) for name, each in loud.items()),
    ]
    return found, lines


def _flood(
    server: Contestant,
    python: Path,
    environment: dict[str, str],
    tokens: list[str],
    seconds: float,
    others: tuple[str, ...],
) -> dict[str, Any]:
    """Call the inbox at a fixed rate while others sign in, each kind from a process of its own."""
    rates = {"code": SIGN_INS - BY_PASSWORD, "password": BY_PASSWORD, "inbox": INBOXES}
    running, begin_at = {}, time.time() + 2.0
    for kind in (*others, "inbox"):
        process = subprocess.Popen(
            [str(python), "-m", "bench.identity.caller"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=CHECKOUT,
            text=True,
        )
        job = {"port": server.port, "kind": kind, "rate": rates[kind], "seconds": seconds}
        assert process.stdin is not None
        process.stdin.write(json.dumps(job | {"tokens": tokens, "begin_at": begin_at}) + "\n")
        process.stdin.close()
        running[kind] = process
    found = {}
    for kind, process in running.items():
        assert process.stdout is not None
        found[kind] = json.loads(process.stdout.readline())
        process.wait()
    return found


def _row(name: str, each: dict[str, Any]) -> str:
    return (
        f"  {name:18}{each['due']:8}{each['done']:8}{each['p50_ms']:9.1f}{each['p99_ms']:10.1f}"
        f"   {each['statuses']}"
    )


def _pair(name: str, known: Answers, unknown: Answers) -> str:
    return f"  {name:30}{known.median_ms():9.2f}{unknown.median_ms():9.2f}"


def _run(python: Path, environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [str(python), *command],
        env=environment,
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stdout}")
    return done.stdout.splitlines()[-1] if done.stdout else ""


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.identity", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer, shorter, smaller")
    quick = parser.parse_args().quick
    return argparse.Namespace(
        laps=3 if quick else 9,
        seconds=0.7 if quick else 2.0,
        samples=60 if quick else 500,
        flood=4.0 if quick else 20.0,
    )


def _say(began: float, what: str) -> None:
    print(f"{time.monotonic() - began:4.0f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
