"""The door of the live process: one request a connection, answered by a stream or by a problem."""

import asyncio
import io
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException, parse_headers
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from app.errors import Malformed, Refusal
from app.http.problems import document
from app.http.refusals import MethodRefused

LONGEST_HEAD = 8192
PATIENCE = 10.0  # seconds within which a request is here
MOST_UNREAD = 32 * 1024
"""Bytes that wait for a reader beyond what the system holds; whoever leaves more is cut off."""

STREAM = b"""HTTP/1.1 200 OK\r
Content-Type: text/event-stream; charset=utf-8\r
Cache-Control: no-store\r
X-Accel-Buffering: no\r
X-Content-Type-Options: nosniff\r
Connection: close\r
\r
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked at the door."""

    url: SplitResult
    headers: Message = field(repr=False)

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        return str(self.headers.get(name, ""))


class House(Protocol):
    """Whom the door leads to."""

    def arrived(self, door: "Door") -> None:
        """Note a connection."""

    def asked(self, door: "Door", asked: Asked) -> None:
        """Answer a request, now or later."""

    def left(self, door: "Door") -> None:
        """Note that a connection is over."""

    def cut_off(self) -> None:
        """Note that somebody read too slowly."""


class Door(asyncio.Protocol):
    """One connection."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._head: bytearray | None = bytearray()
        self._timer: asyncio.TimerHandle | None = None
        self._line: asyncio.Transport | None = None
        self.english = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request, not for long."""
        assert isinstance(transport, asyncio.Transport)
        self._line = transport
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, transport.abort)
        self._house.arrived(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's to say
        """Forget it."""
        self._heard_out()
        self._house.left(self)

    def data_received(self, data: bytes) -> None:
        """Read the head of a request; what comes after it is let go by."""
        if self._head is None:
            return
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0 and len(self._head) <= LONGEST_HEAD:
            return
        head, self._head = bytes(self._head[: end + 4]), None
        self._heard_out()
        if not 0 <= end <= LONGEST_HEAD:
            self.refuse(Malformed())
            return
        try:
            self._house.asked(self, self._read(head))
        except Refusal as refusal:
            self.refuse(refusal)

    def _read(self, head: bytes) -> Asked:
        first, _, rest = head.partition(b"\r\n")
        try:
            method, target, version = first.decode("ascii").split(" ")
            asked = Asked(urlsplit(target), parse_headers(io.BytesIO(rest)))
        except (ValueError, HTTPException) as fault:
            raise Malformed from fault
        if not version.startswith("HTTP/1."):
            raise Malformed
        self.english = asked.header("Accept-Language").lower().startswith("en")
        if method != "GET":
            raise MethodRefused
        return asked

    def _heard_out(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def open(self, first: bytes) -> None:
        """Begin a stream."""
        self.send(STREAM + first)

    def send(self, content: bytes) -> None:
        """Send without waiting; whoever reads too slowly is cut off."""
        if self._line is None or self._line.is_closing():
            return
        self._line.write(content)
        if self._line.get_write_buffer_size() > MOST_UNREAD:
            self._line.abort()
            self._house.cut_off()

    def close(self, last: bytes = b"") -> None:
        """Say a last word, and end."""
        if last:
            self.send(last)
        if self._line is not None:
            self._line.close()

    def abort(self) -> None:
        """End at once."""
        if self._line is not None:
            self._line.abort()

    def refuse(self, refusal: Refusal) -> None:
        """Answer with a problem, and end."""
        status, headers, content = document(refusal, "en" if self.english else "zh", "-")
        self.answer(status, headers, content)

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        """Answer, and end."""
        told = {**headers, "Content-Length": str(len(content)), "Cache-Control": "no-store"}
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in told.items()),
        ]
        self.close("\r\n".join([*lines, "Connection: close", "", ""]).encode() + content)
