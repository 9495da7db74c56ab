"""A phone: speaks plain HTTP, and can lose the network after it has asked."""

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def problem(self) -> str:
        """Return the problem's name, or nothing."""
        return str((self.body or {}).get("type", "")).removeprefix("urn:linli:problem:")


@dataclass
class Phone:
    """One person's device, at the address of a running Linli."""

    base: str
    owner: str
    token: str = ""
    last: str = field(default="", repr=False)

    def get(self, path: str) -> Answer:
        """Read."""
        return self.send("GET", path)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        """Do; header names are written with underscores."""
        return self.send("POST", path, body, **headers)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send one request and wait for its answer."""
        where = urlsplit(self.base)
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        try:
            line.request(method, path, *self._packed(body, headers))
            came = line.getresponse()
            content = came.read()
            found = json.loads(content) if content else None
            return Answer(came.status, dict(came.getheaders()), found)
        finally:
            line.close()

    def send_and_lose(self, path: str, body: object, **headers: str) -> None:
        """Post, and cut the line before a byte of the answer is read."""
        content, sent = self._packed(body, headers)
        where = urlsplit(self.base)
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        lead = f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\n{head}"
        with socket.create_connection((where.hostname or "", where.port or 80), 30) as line:
            raw = (content or "").encode()
            line.sendall(f"{lead}Content-Length: {len(raw)}\r\n\r\n".encode() + raw)

    def _packed(
        self, body: object, headers: Mapping[str, str]
    ) -> tuple[str | None, dict[str, str]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            named["Authorization"] = f"Bearer {self.token}"
        if body is None:
            return None, named
        return json.dumps(body), named | {"Content-Type": "application/json"}
