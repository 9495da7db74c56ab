"""Open pages: how much memory each takes in one process, and how soon all of them are told."""

import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psycopg

from bench.servers import started

EACH = 5
WAVE = 400  # readers who come at once
PATIENCE = 120.0
LIVE = ("-m", "flask", "--app", "wsgi", "live")
CHANGED = """
INSERT INTO notice_change (seq, notice_id, step, at)
SELECT (SELECT max(seq) + 1 FROM notice_change), id, 'publish', now()
FROM notice WHERE places = '{B}' LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What was measured; seconds from the commit to the last of the pages."""

    live_pages: float
    live_kib_each: float
    live_told_s: float


def measure(
    owner_url: str, environment: Mapping[str, str], python: Path, tokens: Sequence[str]
) -> Held:
    """Hold five pages of each of the readers open, and tell all of them of one notice."""
    with started("live", python, environment, LIVE) as server:
        empty = _kib(server.process)
        lines: list[socket.socket] = []
        for first in range(0, len(tokens), WAVE):
            some = tokens[first : first + WAVE]
            wave = [_opened(server.port, token) for token in some for _ in range(EACH)]
            _until(wave, b"event: unread")
            lines += wave
        full = _kib(server.process)
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute("SET linli.sight = 'system'")
            connection.execute(CHANGED)
            connection.execute("SELECT pg_notify('linli_notices', '')")
        began = time.perf_counter()
        _until(lines, b"event: notice")
        seconds = time.perf_counter() - began
        for line in lines:
            line.close()
    return Held(len(lines), (full - empty) / len(lines), seconds)


def _opened(port: int, token: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    line.sendall(f"GET /live HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    return line


def _until(lines: Sequence[socket.socket], word: bytes) -> None:
    """Wait until every line has brought a word."""
    deadline = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as waiting:
        for line in lines:
            waiting.register(line, selectors.EVENT_READ, bytearray())
        while waiting.get_map():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(waiting.get_map())} pages were not told")
            for ready, _ in waiting.select(1.0):
                piece = cast(socket.socket, ready.fileobj).recv(65536)
                ready.data.extend(piece)
                if word in ready.data:
                    waiting.unregister(ready.fileobj)
                elif not piece:
                    raise ConnectionError(f"a page was cut off: {bytes(ready.data[:60])!r}")


def _kib(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
