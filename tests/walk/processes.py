"""The product as it really runs: gunicorn and a worker, each a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.surroundings import ROOT

READY_WITHIN = 60.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def web(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the address of a web server that is ready."""
    bind = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    with _process(command, {**environ, "BIND": bind, "WEB_CONCURRENCY": "2"}) as child:
        _await(f"http://{bind}/readyz", child)
        yield f"http://{bind}"


@contextmanager
def worker(environ: Mapping[str, str]) -> Iterator[None]:
    """Have the real worker run meanwhile; it is asked to stop at the end, and must."""
    with _process([sys.executable, "-m", "flask", "--app", "wsgi", "work"], environ):
        yield


def dying_worker(environ: Mapping[str, str]) -> int:
    """Run the worker that is killed once it has sent; return how it ended, 0 if nothing was due."""
    command = [sys.executable, "-m", "tests.walk.dying_worker"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=False).returncode


@contextmanager
def _process(command: list[str], environ: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield child
        assert child.poll() is None, "it ended by itself"
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            raise


def _await(url: str, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and child.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"{url} did not become ready")
