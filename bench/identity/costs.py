"""What a token and the grants behind it add to a call: one route, open and guarded, in turn."""

import json
import subprocess
from pathlib import Path
from statistics import median

from bench.identity.caller import request
from bench.identity.wsgi_paths import GUARDED, OPEN
from bench.servers import Contestant

MOST = 100_000


def token_and_grants(
    calling: "subprocess.Popen[str]",
    server: Contestant,
    tokens: list[str],
    laps: int,
    seconds: float,
) -> tuple[float, list[tuple[float, float]]]:
    """Return the median difference in ms of processor a call, and (open, guarded) of each lap."""
    found = []
    for lap in range(laps + 1):
        pair = [
            _lap(calling, server, path, tokens, seconds)
            for path in ((OPEN, GUARDED) if lap % 2 else (GUARDED, OPEN))
        ]
        if lap:  # the first one warms up
            found.append((pair[0], pair[1]) if lap % 2 else (pair[1], pair[0]))
    return median(guarded - plain for plain, guarded in found), found


def _lap(
    calling: "subprocess.Popen[str]",
    server: Contestant,
    path: str,
    tokens: list[str],
    seconds: float,
) -> float:
    calls = [request("GET", path, n=n, token=token).decode() for n, token in enumerate(tokens)]
    job = {"port": server.port, "expect": 200, "seconds": seconds, "calls": calls, "most": MOST}
    before = server.cpu_seconds()
    assert calling.stdin is not None
    assert calling.stdout is not None
    calling.stdin.write(json.dumps(job) + "\n")
    calling.stdin.flush()
    outcome = json.loads(calling.stdout.readline())
    if outcome["bad"]:
        raise RuntimeError(f"{path}: {outcome['bad']} answers were not 200")
    return float((server.cpu_seconds() - before) / outcome["done"] * 1000)


def load_process(
    python: Path, environment: dict[str, str], checkout: Path
) -> "subprocess.Popen[str]":
    """Start the caller that does one lap after the other."""
    return subprocess.Popen(
        [str(python), "-m", "bench.load"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=checkout,
        text=True,
    )
