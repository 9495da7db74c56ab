"""The caller: one thread, many connections, each going through one script at a time.

Closed: so many connections, each beginning the next script when one is done. Open: scripts begin
when the clock says so, however long others take. A call whose connection was closed unanswered is
sent again: every deed here may be repeated.
"""

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.load import HOST, LENGTH
from bench.requests.scripts import Script, Wrong

PATIENCE_S = 30.0


@dataclass(eq=False)
class Line:
    """A connection and the script that it goes through."""

    port: int
    door: socket.socket | None = None
    script: Script | None = None
    sent: bytes = b""
    began: float = 0.0
    called: float = 0.0
    came: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        """Send a call, on a new connection where there is none."""
        if self.door is None:
            self.door = socket.create_connection((HOST, self.port), timeout=PATIENCE_S)
            self.door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = request
        self.came.clear()
        self.door.sendall(request)

    def close(self) -> None:
        """Give the connection up."""
        if self.door is not None:
            self.door.close()
            self.door = None

    def answer(self) -> tuple[int, bytes, bool] | None:
        """Return status, body and whether the server closes, once all of it is here."""
        head = self.came.find(b"\r\n\r\n")
        if head < 0:
            return None
        start = bytes(self.came[:head]).lower()
        length = 0
        if LENGTH in start:
            at = start.index(LENGTH) + len(LENGTH)
            length = int(start[at:].split(b"\r\n", 1)[0])
        if len(self.came) < head + 4 + length:
            return None
        body = bytes(self.came[head + 4 : head + 4 + length])
        return int(start[9:12]), body, b"\nconnection: close" in start


@dataclass
class Seen:
    """What came of a run: scripts done, calls made, waits in seconds, what went wrong."""

    seconds: float = 0.0
    calls: int = 0
    scripts: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def per_second(self) -> float:
        """Return scripts a second."""
        return len(self.scripts) / self.seconds

    def p95_ms(self) -> float:
        """Return the wait that 95 of 100 scripts keep to, in milliseconds."""
        return percentile(self.scripts, 95)

    def call_p95_ms(self) -> float:
        """Return the same of single calls."""
        return percentile(self.waits, 95)


def percentile(seconds: list[float], part: int) -> float:
    """Return the wait in milliseconds that ``part`` of 100 keep to."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)] * 1000 if ordered else 0.0


class Run:
    """One run of scripts against one server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: deque[Line] = deque()
        self._waiting = selectors.DefaultSelector()
        self._busy = 0
        self.seen = Seen()

    def closed(self, make: Callable[[], Script], connections: int, seconds: float) -> Seen:
        """Keep so many connections busy for so long, then let them finish."""
        until = time.perf_counter() + seconds

        def another() -> Script | None:
            return make() if time.perf_counter() < until else None

        return self._measured(iter([0.0] * connections), make, another)

    def open(self, make: Callable[[], Script], starts: Iterator[float]) -> Seen:
        """Begin a script at each of these seconds from now."""
        return self._measured(starts, make, lambda: None)

    def each(self, scripts: list[Script]) -> Seen:
        """Begin all of these at once and go through each of them once."""
        those = iter(scripts)
        return self._measured(iter([0.0] * len(scripts)), lambda: next(those), lambda: None)

    def _measured(
        self,
        starts: Iterator[float],
        make: Callable[[], Script],
        another: Callable[[], Script | None],
    ) -> Seen:
        began = time.perf_counter()
        due = next(starts, None)
        while due is not None or self._busy:
            while due is not None and time.perf_counter() - began >= due:
                self._begin(self._idle.popleft() if self._idle else Line(self._port), make())
                due = next(starts, None)
            wait = 1.0 if due is None else max(0.0, began + due - time.perf_counter())
            for key, _ in self._waiting.select(timeout=min(wait, 1.0)):
                self._hear(key.data, another)
        self.seen.seconds = time.perf_counter() - began
        for line in self._idle:
            line.close()
        self._waiting.close()
        return self.seen

    def _begin(self, line: Line, script: Script) -> None:
        line.script, line.began = script, time.perf_counter()
        self._busy += 1
        self._send(line, next(script))

    def _send(self, line: Line, request: bytes) -> None:
        line.called = time.perf_counter()
        line.send(request)
        self._waiting.register(line.door, selectors.EVENT_READ, line)  # type: ignore[arg-type]

    def _hear(self, line: Line, another: Callable[[], Script | None]) -> None:
        assert line.door is not None
        try:
            piece = line.door.recv(262_144)
        except ConnectionError:
            piece = b""
        line.came += piece
        if piece and line.answer() is None:
            return
        self._waiting.unregister(line.door)
        if not piece:
            line.close()
            called = line.called
            self._send(line, line.sent)
            line.called = called  # who waits, waits for the whole of it
            return
        self._answered(line, another)

    def _answered(self, line: Line, another: Callable[[], Script | None]) -> None:
        answer = line.answer()
        assert answer is not None
        assert line.script is not None
        status, body, closes = answer
        now = time.perf_counter()
        self.seen.calls += 1
        self.seen.waits.append(now - line.called)
        if closes:
            line.close()
        try:
            self._send(line, line.script.send((status, body)))
            return
        except StopIteration:
            self.seen.scripts.append(now - line.began)
        except Wrong as fault:
            self.seen.wrong.append(str(fault))
        self._busy -= 1
        following = another()
        if following is not None:
            self._begin(line, following)
        else:
            self._idle.append(line)
