"""A page as a browser would hold it open, and the process that it talks to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.settings import Settings
from tests.people import Caller
from tests.surroundings import ROOT, environment

PATIENCE = 90.0
BEATS = 5  # one comes every 20 seconds


@dataclass(frozen=True)
class Event:
    id: int
    name: str
    data: dict[str, Any]


class Process:
    """A real ``flask live``."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = int(door.getsockname()[1])
        told = environment(settings.database_url, settings.exchange_out.parent)
        bind = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "live", "--bind", bind],
            env={**os.environ, **told},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        self.until(lambda: self.ask("/readyz")[0] == 200)

    def until(self, true: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the live process has ended"
            try:
                if true():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError("it did not come about")

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        with self.connected(path, headers or {}) as line:
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), body

    def slug(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        status, body = self.ask(path, headers)
        return status, str(json.loads(body)["type"]).rsplit(":", 1)[-1]

    def figures(self) -> dict[str, Any]:
        return dict(json.loads(self.ask("/healthz")[1]))

    def connected(self, path: str, headers: Mapping[str, str]) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        head = [f"GET {path} HTTP/1.1", "Host: x", *(f"{k}: {v}" for k, v in headers.items())]
        line.sendall("\r\n".join([*head, "", ""]).encode())
        return line

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def running(settings: Settings) -> Iterator[Process]:
    """Run a process that knows nothing of earlier tests."""
    found = Process(settings)
    try:
        yield found
    finally:
        found.process.kill()
        found.process.wait()


class Stream:
    """One open page; ``next`` waits for the next event."""

    def __init__(self, process: Process, path: str, headers: Mapping[str, str]) -> None:
        self.line = process.connected(path, headers)
        self.lines = self.line.makefile("rb")
        status = self.lines.readline()
        assert b" 200 " in status, status
        while self.lines.readline().strip():
            pass

    def next(self) -> Event | None:
        """Return the next event, or None at the end of the stream."""
        found: dict[str, str] = {}
        beats = 0
        for raw in self.lines:
            text = raw.decode().rstrip("\n")
            beats += text == ":"
            assert beats < BEATS, "nothing was told"
            name, _, value = text.partition(": ")
            if text and name:
                found[name] = value
            elif "event" in found:
                return Event(int(found.get("id", 0)), found["event"], json.loads(found["data"]))
        return None

    def notice(self) -> str:
        """Return the id of the next notice that is told."""
        while (event := self.next()) is not None:
            if event.name == "notice":
                return str(event.data["id"])
        raise AssertionError("the stream has ended")

    def close(self) -> None:
        self.lines.close()
        self.line.close()


def ticket_of(caller: Caller) -> tuple[str, dict[str, str]]:
    """Return where a stream waits for a caller, and the header that opens it."""
    answer = caller.post("/api/v1/inbox/streams")
    assert answer.status_code == 201, answer.json
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    return str((answer.json or {})["url"]), {"Cookie": cookie}


@contextmanager
def page(process: Process, caller: Caller, **headers: str) -> Iterator[Stream]:
    """Open a page as a browser does, by a ticket; it has been let in when this returns."""
    path, cookie = ticket_of(caller)
    stream = Stream(process, path, {**cookie, **headers})
    try:
        yield stream
    finally:
        stream.close()
