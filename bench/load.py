"""``python -m bench.load``: the caller, one light process with keep-alive connections.

It reads jobs from standard input, a JSON line each, and answers each with a line:
``{"port", "expect", "seconds", "calls"}`` -> ``{"done", "seconds", "bad", "p50_ms", "p95_ms"}``.
A connection is given up after some calls, as phones come and go: with several server processes
luck decides which one has it, and this way luck is dealt anew many times in a lap.
"""

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

CONNECTIONS = 8
HOST = "127.0.0.1"
CALLS_EACH = 25  # on one connection
LENGTH = b"content-length:"


@dataclass
class Line:
    """One connection: what it sent last, since when it waits, and what has come so far."""

    port: int
    door: socket.socket = field(init=False)
    calls: int = 0
    sent: bytes = b""
    since: float = 0.0
    came: bytearray = field(default_factory=bytearray)

    def open(self) -> None:
        self.calls = 0
        self.door = socket.create_connection((HOST, self.port), timeout=10)
        self.door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.sent, self.since = request, time.perf_counter()
        self.calls += 1
        self.came.clear()
        self.door.sendall(request)

    def complete(self) -> bool:
        """Tell whether all of the answer is here."""
        head = self.came.find(b"\r\n\r\n")
        if head < 0:
            return False
        start = bytes(self.came[:head]).lower()
        if start[9:12] == b"304":  # has no body and names no length
            return True
        at = start.index(LENGTH) + len(LENGTH)
        return len(self.came) >= head + 4 + int(start[at:].split(b"\r\n", 1)[0])


@dataclass
class Job:
    """Calls to make against one server, until they run out or the time is up."""

    port: int
    expect: int
    seconds: float
    calls: Iterator[bytes]
    waits: list[float] = field(default_factory=list)
    bad: int = 0

    def run(self) -> dict[str, float]:
        began = time.perf_counter()
        with selectors.DefaultSelector() as waiting:
            for _ in range(CONNECTIONS):
                line = Line(self.port)
                line.open()
                self._next(line, waiting, began)
            while waiting.get_map():
                for ready, _ in waiting.select(timeout=15):
                    self._hear(ready.data, waiting, began)
        return self._summary(time.perf_counter() - began)

    def _next(self, line: Line, waiting: selectors.BaseSelector, began: float) -> None:
        call = next(self.calls, None) if time.perf_counter() - began < self.seconds else None
        if call is None:
            line.door.close()
            return
        line.send(call)
        waiting.register(line.door, selectors.EVENT_READ, line)

    def _hear(self, line: Line, waiting: selectors.BaseSelector, began: float) -> None:
        try:
            piece = line.door.recv(65536)
        except ConnectionError:
            piece = b""
        line.came += piece
        if piece and not line.complete():
            return
        waiting.unregister(line.door)
        if not piece:
            self._again(line, waiting)
            return
        self.waits.append(time.perf_counter() - line.since)
        self.bad += int(line.came[9:12]) != self.expect
        if line.calls >= CALLS_EACH or b"\nconnection: close" in bytes(line.came[:600]).lower():
            line.door.close()
            line.open()
        self._next(line, waiting, began)

    @staticmethod
    def _again(line: Line, waiting: selectors.BaseSelector) -> None:
        """Repeat a call whose connection was closed unanswered: both kinds may be repeated."""
        line.door.close()
        line.open()
        line.send(line.sent)
        waiting.register(line.door, selectors.EVENT_READ, line)

    def _summary(self, seconds: float) -> dict[str, float]:
        waits = sorted(self.waits)
        return {
            "done": len(waits),
            "seconds": seconds,
            "bad": self.bad,
            "p50_ms": waits[len(waits) // 2] * 1000,
            "p95_ms": waits[len(waits) * 95 // 100] * 1000,
        }


def main() -> None:
    """Do the jobs that come in, until there are no more."""
    for line in sys.stdin:
        job = json.loads(line)
        calls = [call.encode() for call in job["calls"]]
        each = islice(cycle(calls), job["most"])
        outcome = Job(job["port"], job["expect"], job["seconds"], each).run()
        print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    main()
