"""The product as it is deployed, on a port of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.launch.readiness import is_ready
from tests.surroundings import ROOT

HOST = "127.0.0.1"
PATIENCE_S = 120.0


@contextmanager
def serving(environ: Mapping[str, str], log: Path) -> Iterator[str]:
    """Yield the address of a server that was started with ``environ``; its words go to ``log``."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    with log.open("ab") as words:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environ, "BIND": f"{HOST}:{port}"},
            stdout=words,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(server, port, log)
        yield f"http://{HOST}:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_ready(HOST, port):
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind((HOST, 0))
        port: int = door.getsockname()[1]
    return port
