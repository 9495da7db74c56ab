"""The district's web service: lets in who signs, answers by the books, and misbehaves when told."""

import json
import ssl
import sys
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sample.district.answers import Desk, Reply
from sample.district.books import Books
from sample.district.faults import Faults
from sample.district.signatures import Gate, Heard, Unsigned

LARGEST_QUESTION = 8 * 2**20
MEGABYTE = 2**20


class District(ThreadingHTTPServer):
    """Serves the books of a folder; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, books: Books, gate: Gate, host: str, port: int) -> None:
        """Take the port; ``serve_forever`` answers."""
        super().__init__((host, port), Handler)
        self.desk, self.gate, self.faults = Desk(books), gate, Faults(books)

    def secure(self, certificate: Path, key: Path) -> None:
        """Speak TLS from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        # the handshake is the handler's, so that a silent caller holds up nobody else
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over callers who went away or could not agree on TLS; show what is our fault."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection; it stays open between questions."""

    server: District
    protocol_version = "HTTP/1.1"
    server_version = "District"
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Write no log: an address holds keys of records."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_QUESTION:
            self.close_connection = True
            return self._send(Reply(413, {"code": "too-large"}))
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        heard = Heard(self.command, self.path, headers, body)
        try:
            self.server.gate.admit(heard)
        except Unsigned as fault:
            return self._send(Reply(401, {"code": "signature", "words": str(fault)}))
        return self._send(self._instead() or self.server.desk.answer(heard))

    def _take(self, kind: str) -> dict[str, Any] | None:
        return self.server.faults.take(kind, self.path)

    def _instead(self) -> Reply | None:
        """Return what is answered without looking into the books, if told so."""
        if fault := self._take("slow"):
            time.sleep(fault.get("seconds", 2))
        if fault := self._take("error"):
            return Reply(fault.get("status", 500), {"code": "broken"})
        if fault := self._take("busy"):
            after = {"Retry-After": str(fault.get("after", 1))}
            return Reply(fault.get("status", 429), {"code": "busy"}, after)
        if fault := self._take("redirect"):
            where = fault.get("location", "https://elsewhere.example/")
            return Reply(302, {"code": "elsewhere"}, {"Location": where})
        return None

    def _send(self, reply: Reply) -> None:
        if reply.cut:
            self.close_connection = True
            return None
        body = b"" if reply.status == 304 else json.dumps(reply.content).encode()
        wrong: dict[str, Callable[[bytes, dict[str, Any]], None]] = {
            "truncated-body": self._cut,
            "drip": self._drip,
            "huge": self._huge,
        }
        if reply.status in (200, 201):
            if self._take("not-json"):
                body = body[: len(body) // 2]
            if self._take("web-page"):
                return self._whole(200, b"<html>Sign in</html>", {}, "text/html")
            for kind, send in wrong.items():
                if (fault := self._take(kind)) is not None:
                    return send(body, fault)
        return self._whole(reply.status, body, reply.headers)

    def _whole(
        self, status: int, body: bytes, more: Mapping[str, str], kind: str = "application/json"
    ) -> None:
        self._head(status, len(body), more, kind)
        self.wfile.write(body)

    def _head(
        self, status: int, length: int, more: Mapping[str, str], kind: str = "application/json"
    ) -> None:
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _cut(self, body: bytes, _options: Mapping[str, Any]) -> None:
        self._head(200, len(body), {})
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def _drip(self, body: bytes, options: Mapping[str, Any]) -> None:
        self._head(200, len(body), {})
        for place in range(len(body)):
            self.wfile.write(body[place : place + 1])
            time.sleep(options.get("seconds", 0.2))

    def _huge(self, _body: bytes, options: Mapping[str, Any]) -> None:
        megabytes = options.get("megabytes", 80)
        self._head(200, megabytes * MEGABYTE, {})
        for _ in range(megabytes):
            self.wfile.write(b" " * MEGABYTE)
