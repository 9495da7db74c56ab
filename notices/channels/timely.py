"""Connections whose answers end in time: a limit for the whole, and not for each byte alone.

A timeout of a socket begins anew with whatever comes, so that whoever sends a byte every other
second would hold a worker for as long as they like.
"""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any, cast

from urllib3.connection import HTTPConnection, HTTPSConnection


class Hurried(io.RawIOBase):
    """Reads what comes from a socket until a moment of ``time.monotonic``, and then no more."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until, self._longest = sock, until, sock.gettimeout()
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read some bytes.

        Raises:
            TimeoutError: the time is over, or nothing came for as long as the socket waits.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the whole answer took too long")
        self._sock.settimeout(left if self._longest is None else min(left, self._longest))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Give the socket up, as a file of it does."""
        self._raw.close()
        super().close()


class Slow:
    """A socket as an answer is read from it: what is read of it ends ``seconds`` from now."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock, self._until = sock, time.monotonic() + seconds

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the file that an answer is read from."""
        return io.BufferedReader(Hurried(self._sock, self._until))


def _answers(seconds: float) -> type[HTTPResponse]:
    class Answer(HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **more: Any) -> None:
            super().__init__(cast("socket.socket", Slow(sock, seconds)), *args, **more)

    return Answer


def plain_within(seconds: float) -> type[HTTPConnection]:
    """Return connections over http whose answers take no longer, from the question's end on."""
    return type("Plain", (HTTPConnection,), {"response_class": _answers(seconds)})


def sealed_within(seconds: float) -> type[HTTPSConnection]:
    """Return the same over https."""
    return type("Sealed", (HTTPSConnection,), {"response_class": _answers(seconds)})
