"""A phone: speaks plain HTTP, and can lose the network after it has asked."""

import http.client
import json
import select
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from tests.walk.promises import WalkBroken

PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class Asked:
    """A request as it may be told: its headers are without the token."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back; ``body`` is None where it is not JSON. Header names know no case."""

    asked: Asked
    status: int
    headers: Message
    body: Any

    @property
    def problem(self) -> str:
        """Return the problem's name, or nothing."""
        named = self.body.get("type", "") if isinstance(self.body, dict) else ""
        return str(named).removeprefix("urn:linli:problem:")

    def must_be(self, status: int) -> "Answer":
        """Return the answer itself.

        Raises:
            WalkBroken: it has another status.
        """
        if self.status != status:
            what = f"{self.status} {self.problem}".strip()
            raise WalkBroken(f"{self.asked.method} {self.asked.path} gave {what}, not {status}")
        return self


@dataclass
class Phone:
    """One person's device, at the address of a running Linli (``http://host:port``)."""

    base: str
    owner: str
    token: str = field(default="", repr=False)

    def get(self, path: str) -> Answer:
        """Read."""
        return self._send("GET", path)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        """Do; header names are written with underscores."""
        return self._send("POST", path, body, **headers)

    def post_and_lose(self, path: str, body: object, **headers: str) -> Asked:
        """Post, and lose the network at the worst moment.

        The answer has come to the door, so the deed is done; the line is cut before a byte of it
        is read, so the phone cannot know.
        """
        content, named = _packed(body, headers)
        where = urlsplit(self.base)
        sent = self._signed(named) | {"Host": where.netloc, "Content-Length": str(len(content))}
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        address = (where.hostname or "", where.port or 80)
        with socket.create_connection(address, PATIENCE) as line:
            line.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
            select.select([line], [], [], PATIENCE)
        return Asked("POST", path, named)

    def _send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        content, named = _packed(body, headers)
        where = urlsplit(self.base)
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
        try:
            line.request(method, path, content or None, self._signed(named))
            came = line.getresponse()
            found = _unpacked(came.read())
            return Answer(Asked(method, path, named), came.status, came.headers, found)
        finally:
            line.close()

    def _signed(self, headers: Mapping[str, str]) -> dict[str, str]:
        mine = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {**headers, **mine}


def _packed(body: object, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is None:
        return b"", named
    return json.dumps(body).encode(), named | {"Content-Type": "application/json"}


def _unpacked(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
