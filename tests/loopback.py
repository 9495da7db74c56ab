"""Somebody else's web service on this machine, that answers as told and misbehaves as told."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Heard:
    """What somebody asked; header names are small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What to answer: JSON, unless ``content`` is bytes."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Silence:
    """Say nothing for so many seconds, and then hang up."""

    seconds: float


class Cut:
    """Hang up without an answer."""


Answer = Reply | Silence | Cut
Desk = Callable[[Heard], Answer]


class Loopback(ThreadingHTTPServer):
    """``desk`` answers; what is put into ``instead`` is answered first, in its order.

    With ``after_the_deed`` the desk still does what it was asked: only its answer is lost.
    """

    daemon_threads = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.desk = desk
        self.heard: list[Heard] = []
        self.instead: deque[Answer] = deque()
        self.after_the_deed = False
        self._one_notes = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, heard: Heard) -> Answer:
        with self._one_notes:
            self.heard.append(heard)
            instead = self.instead.popleft() if self.instead else None
        if instead is None:
            return self.desk(heard)
        if self.after_the_deed:
            self.desk(heard)
        return instead

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers may go away."""


class _Handler(BaseHTTPRequestHandler):
    server: Loopback
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Write no log."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.answer(Heard(self.command, self.path, headers, body))
        if not isinstance(answer, Reply):
            if isinstance(answer, Silence):
                time.sleep(answer.seconds)
            self.close_connection = True
            return
        content = answer.content
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def standing(desk: Desk) -> Iterator[Loopback]:
    """Yield the service, which answers until the block ends."""
    server = Loopback(desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
