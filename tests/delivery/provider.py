"""A provider on this machine that answers as a test tells it to, and remembers what it got."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

SILENCE, CUT = "silence", "cut"
DRIP, DRIP_HEAD = "drip", "drip-head"


@dataclass(frozen=True)
class Got:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Provider:
    """``answers`` by path: a list is used up, its last one stays.

    An answer is a status, (status, headers), (status, headers, body), SILENCE, CUT, or
    DRIP and DRIP_HEAD: a body, or a head, of a byte every tenth of a second, for ten.
    """

    answers: dict[str, list[Any]] = field(default_factory=dict)
    default: Any = 201
    got: list[Got] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)
    left: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> Any:
        with self.lock:
            said = self.answers.get(path.partition("?")[0])
            if not said:
                return self.default
            return said.pop(0) if len(said) > 1 else said[0]

    def at(self, path: str) -> list[Got]:
        return [each for each in self.got if each.path.partition("?")[0] == path]


@contextmanager
def provider() -> Iterator[Provider]:
    """Yield a provider that listens."""
    what = Provider()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._answer(body)

        def do_GET(self) -> None:
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            with what.lock:
                what.got.append(Got(self.path, headers, body))
            said = what.answer(self.path)
            if said == SILENCE:
                until = time.monotonic() + 10
                while not over.is_set() and time.monotonic() < until:
                    time.sleep(0.05)
            if said in (SILENCE, CUT):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if said in (DRIP, DRIP_HEAD):
                self._drip(said)
                return
            status, more, content = (
                (*said, {}, b"")[:3] if isinstance(said, tuple) else (said, {}, b"")
            )
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _drip(self, said: str) -> None:
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            if said == DRIP:
                self.wfile.write(b"Content-Length: 100\r\n\r\n")
            try:
                for _ in range(100):
                    over.wait(0.1)
                    self.wfile.write(b"x")
            except OSError:
                what.left.set()  # whoever asked has gone

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    what.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield what
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
