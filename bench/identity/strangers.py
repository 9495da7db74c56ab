"""What a stranger learns of a number by asking for a code: time, headers, bytes."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from bench.identity.caller import address
from bench.identity.people import PASSWORDS, number


@dataclass
class Answers:
    """What came for numbers of one kind."""

    waits: list[float] = field(default_factory=list)
    shapes: set[tuple[int, int, tuple[str, ...]]] = field(default_factory=set)

    def median_ms(self) -> float:
        """Return the median wait."""
        return median(self.waits) * 1000


def asked_for_codes(port: int, samples: int) -> tuple[Answers, Answers]:
    """Ask for codes of known and unknown numbers in turn, over one connection."""
    return _in_turn(
        port,
        samples,
        "/api/v1/sign-in/challenges",
        lambda known, n: {"phone": number(1 if known else 2, n)},
    )


def tried_passwords(port: int, samples: int) -> tuple[Answers, Answers]:
    """Try wrong passwords of numbers that have one and of unknown numbers in turn."""
    return _in_turn(
        port,
        samples,
        "/api/v1/sessions/password",
        lambda known, n: {
            "phone": number(3, n % PASSWORDS) if known else number(2, n),
            "password": "not the right one",
            "device": "x",
        },
    )


def _in_turn(
    port: int, samples: int, path: str, body: Callable[[bool, int], dict[str, str]]
) -> tuple[Answers, Answers]:
    known, unknown = Answers(), Answers()
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for n in range(samples + 20):
        order = ((True, known), (False, unknown))
        for is_known, answers in order if n % 2 else reversed(order):
            where = {"X-Forwarded-For": address(n), "Content-Type": "application/json"}
            content = json.dumps(body(is_known, n))
            began = time.perf_counter()
            door.request("POST", path, content, where)
            answer = door.getresponse()
            came = answer.read()
            waited = time.perf_counter() - began
            if n < 20:  # warming up
                continue
            answers.waits.append(waited)
            names = tuple(sorted(name.lower() for name, _ in answer.getheaders()))
            answers.shapes.add((answer.status, len(came), names))
    door.close()
    return known, unknown
