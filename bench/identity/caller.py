"""``python -m bench.identity.caller``: calls at a fixed rate, whether or not answers come in time.

It reads one job from standard input, a JSON line, and prints one: how many were done, what
statuses came, and how long each took from the moment at which it was due.
"""

import json
import selectors
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.identity.people import CODE, PASSWORD, PASSWORDS, number
from bench.load import CALLS_EACH, Line

LINES = 48
PATIENCE = 20.0  # seconds after the last call was due


def request(method: str, path: str, body: object = None, n: int = 0, token: str = "") -> bytes:
    """Return the bytes of a call, as nginx hands on one of the ``n``-th phone."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"X-Forwarded-For: {address(n)}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    content = "" if body is None else json.dumps(body)
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", content]).encode()


def address(n: int) -> str:
    """Return the network of the ``n``-th phone; each has one of its own."""
    return f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"


@dataclass
class Task:
    """One thing that somebody does: calls one after the other, each made of the answer before."""

    kind: str
    n: int
    due: float
    token: str = ""
    step: int = 0
    challenge: str = ""

    def next_call(self) -> bytes | None:
        """Return the next call, or None when all is done."""
        self.step += 1
        if self.kind == "inbox":
            return (
                request("GET", "/api/v1/inbox", n=self.n, token=self.token) if self.first else None
            )
        if self.kind == "password":
            body = {"phone": number(3, self.n % PASSWORDS), "password": PASSWORD, "device": "x"}
            return (
                request("POST", "/api/v1/sessions/password", body, self.n) if self.first else None
            )
        if self.first:
            ask = {"phone": number(4, self.n)}
            return request("POST", "/api/v1/sign-in/challenges", ask, self.n)
        if self.step == 2 and self.challenge:
            shown = {"challenge_id": self.challenge, "code": CODE, "device": "x"}
            return request("POST", "/api/v1/sessions", shown, self.n)
        return None

    @property
    def first(self) -> bool:
        """Tell whether this is its first call."""
        return self.step == 1

    def take(self, status: int, body: bytes) -> None:
        """Keep what the next call needs."""
        if self.kind == "code" and status == 202:
            self.challenge = json.loads(body)["challenge_id"]


@dataclass
class Caller:
    """Lines to one server; a task that finds none free waits, and its wait counts.

    A line is opened when there is something to send on it, as nginx does: one that is open and
    silent keeps a thread of the server waiting for five seconds.
    """

    port: int
    kind: str
    rate: float
    seconds: float
    tokens: list[str]
    begin_at: float
    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def run(self) -> dict[str, Any]:
        time.sleep(max(0.0, self.begin_at - time.time()))  # together with the others
        began, sent, total = time.perf_counter(), 0, int(self.rate * self.seconds)
        idle = list[Line | None]([None] * LINES)
        with selectors.DefaultSelector() as waiting:
            while sent < total or waiting.get_map():
                now = time.perf_counter()
                while idle and sent < total and began + sent / self.rate <= now:
                    task = self._task(sent, began + sent / self.rate)
                    self._send(idle.pop() or self._line(), task, waiting)
                    sent += 1
                if now > began + self.seconds + PATIENCE:
                    break
                due = began + sent / self.rate - now if sent < total and idle else 0.2
                for ready, _ in waiting.select(max(0.0, min(due, 0.2))):
                    line, task = ready.data
                    self._hear(line, task, waiting, idle)
        return self._summary(time.perf_counter() - began)

    def _task(self, n: int, due: float) -> Task:
        token = self.tokens[n % len(self.tokens)] if self.tokens else ""
        return Task(self.kind, n, due, token)

    def _line(self) -> Line:
        line = Line(self.port)
        line.open()
        return line

    def _send(self, line: Line, task: Task, waiting: selectors.BaseSelector) -> None:
        call = task.next_call()
        assert call is not None
        line.send(call)
        waiting.register(line.door, selectors.EVENT_READ, (line, task))

    def _hear(
        self, line: Line, task: Task, waiting: selectors.BaseSelector, idle: list[Line | None]
    ) -> None:
        try:
            piece = line.door.recv(65536)
        except ConnectionError:
            piece = b""
        line.came += piece
        if piece and not line.complete():
            return
        waiting.unregister(line.door)
        if not piece:  # closed unanswered, as a keep-alive connection may be: once more
            line.door.close()
            line.open()
            line.send(line.sent)
            waiting.register(line.door, selectors.EVENT_READ, (line, task))
            return
        head, _, body = bytes(line.came).partition(b"\r\n\r\n")
        status = int(head[9:12])
        self.statuses[status] += 1
        task.take(status, body)
        if line.calls >= CALLS_EACH or b"\nconnection: close" in head.lower():
            line.door.close()
            line.open()
        following = task.next_call()
        if following is None:
            self.waits.append(time.perf_counter() - task.due)
            idle.append(line)
            return
        line.send(following)
        waiting.register(line.door, selectors.EVENT_READ, (line, task))

    def _summary(self, seconds: float) -> dict[str, Any]:
        waits = sorted(self.waits) or [float("inf")]
        return {
            "due": int(self.rate * self.seconds),
            "done": len(self.waits),
            "seconds": seconds,
            "statuses": dict(self.statuses),
            "p50_ms": waits[len(waits) // 2] * 1000,
            "p99_ms": waits[min(len(waits) - 1, len(waits) * 99 // 100)] * 1000,
        }


if __name__ == "__main__":
    print(json.dumps(Caller(**json.loads(sys.stdin.readline())).run()), flush=True)
