"""Reading over HTTP at eight connections: inbox, unread count, and polls that find nothing new."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import urllib3

INBOX, UNREAD, HEALTH = "/api/v1/inbox", "/api/v1/inbox/unread", "/healthz"
ROUNDS, SECONDS = 5, 2.0
POLLERS = 256
MOST = 1_000_000

Call = Callable[[dict[str, Any]], dict[str, Any]]


class Wrong(Exception):
    """An answer had another status than the one expected."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of the rounds: 95th percentiles in milliseconds, and polls by health checks."""

    inbox_p95_ms: float
    unread_p95_ms: float
    poll_vs_health: float
    polls_per_s: float


def measure(
    call: Call, port: int, tokens: Sequence[str], rounds: int = ROUNDS, seconds: float = SECONDS
) -> Figures:
    """Return what reading costs on a running server; all kinds take turns in each round."""
    tags = _tags(port, tokens[:POLLERS])
    kinds = {
        "inbox": (200, [_request(INBOX, token) for token in tokens]),
        "unread": (200, [_request(UNREAD, token) for token in tokens]),
        "poll": (304, [_request(UNREAD, token, tag) for token, tag in tags]),
        "health": (200, [_request(HEALTH)]),
    }
    seen: dict[str, list[dict[str, Any]]] = {name: [] for name in kinds}
    for number in range(rounds + 1):
        for name, (expect, calls) in kinds.items():
            job = {"port": port, "expect": expect, "seconds": seconds, "most": MOST, "calls": calls}
            outcome = call(job)
            if outcome["bad"]:
                raise Wrong(f"{name}: {outcome['bad']} of {outcome['done']}")
            if number:  # the first round warms
                seen[name].append(outcome)
    rate = {name: [each["done"] / each["seconds"] for each in laps] for name, laps in seen.items()}
    shares = [poll / health for poll, health in zip(rate["poll"], rate["health"], strict=True)]
    return Figures(
        median(each["p95_ms"] for each in seen["inbox"]),
        median(each["p95_ms"] for each in seen["unread"]),
        median(shares),
        median(rate["poll"]),
    )


def _tags(port: int, tokens: Sequence[str]) -> list[tuple[str, str]]:
    http = urllib3.PoolManager()
    found = []
    for token in tokens:
        headers = {"Authorization": f"Bearer {token}"}
        answer = http.request("GET", f"http://127.0.0.1:{port}{UNREAD}", headers=headers)
        if answer.status != 200:
            raise Wrong(f"unread: {answer.status}")
        found.append((token, answer.headers["ETag"]))
    return found


def _request(path: str, token: str = "", tag: str = "") -> str:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if tag:
        lines.append(f"If-None-Match: {tag}")
    return "\r\n".join([*lines, "", ""])
