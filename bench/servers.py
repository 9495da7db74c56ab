"""The four contestants: how each is started, when it is ready, and what processor time it took."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.interpreter import CHECKOUT
from bench.processor import cpu_seconds_of

OURS = "linli"
READY_LIMIT = 60.0
GUNICORN = ("-m", "gunicorn", "-c", "bench/peers/gunicorn_settings.py")

COMMANDS: dict[str, tuple[str, ...]] = {
    OURS: ("-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"),
    "floor": (*GUNICORN, "bench.peers.floor.wsgi:app"),
    "fastapi": ("-m", "bench.peers.fastapi_site"),
    "django": (*GUNICORN, "bench.peers.django_site.wsgi:app"),
}
"""Two processes each; those under gunicorn have four threads in each, as the product has."""


class NotReady(Exception):
    """A contestant does not answer; the message holds the end of what it printed."""


@dataclass(frozen=True)
class Contestant:
    """A running server."""

    name: str
    port: int
    process: int

    def cpu_seconds(self) -> float:
        """Return the processor time of the server so far, all its processes together."""
        return cpu_seconds_of(self.process)


@contextmanager
def running(python: Path, environment: Mapping[str, str]) -> Iterator[list[Contestant]]:
    """Run all contestants side by side, the idle ones waiting for their turn.

    Raises:
        NotReady: one of them does not listen within a minute.
    """
    with ExitStack() as stack:
        yield [stack.enter_context(started(name, python, environment)) for name in COMMANDS]


@contextmanager
def started(
    name: str,
    python: Path,
    environment: Mapping[str, str],
    arguments: Sequence[str] | None = None,
) -> Iterator[Contestant]:
    """Run one contestant, or with ``arguments`` something else in its place.

    Raises:
        NotReady: it does not listen within a minute.
    """
    command = [str(python), *(arguments or COMMANDS[name])]
    port = _free_port()
    told = {
        **environment,
        "PORT": str(port),
        "BIND": f"127.0.0.1:{port}",
        "LIVE_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
    }
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=told, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            if not _listens(process, port):
                said.seek(0)
                raise NotReady(f"{name}: {said.read().decode(errors='replace')[-2000:]}")
            yield Contestant(name, port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + READY_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
