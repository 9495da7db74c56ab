"""Running a program over an upload in a process apart, and bounding that process from outside."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Unavailable

PROGRAMS = Path(__file__).with_name("programs")
WALL_S = 15.0  # three times the processor time: a busy machine is no fault of the upload
AT_ONCE = 2  # in this process; each takes a core and up to half a gibibyte
PATIENCE_S = 5.0
REFUSED = 3
REASONS = {b"pixels", b"sides", b"frames", b"pages", b"locked", b"broken", b"heavy"}

_turnstile = threading.BoundedSemaphore(AT_ONCE)


class Spoilt(Exception):
    """The program does not take the upload; the message is the reason, one word."""


def run_apart(program: str, content: bytes, *bounds: int) -> bytes:
    """Return what a program of ``programs`` makes of an upload, within its ``bounds``.

    A process costs some 50 ms before it begins (measured).

    Raises:
        Spoilt: it is too much, broken, or takes more memory or time than is given.
        Unavailable: as many uploads as this process cleans at once are being cleaned.
    """
    line = [sys.executable, "-I", str(PROGRAMS / "bounded.py"), str(PROGRAMS / program)]
    with _place():
        try:
            done = subprocess.run(  # noqa: S603  our own program, no word of a caller in it
                [*line, *map(str, bounds)],
                input=content,
                capture_output=True,
                timeout=WALL_S,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired as fault:
            raise Spoilt("heavy") from fault
    if done.returncode:
        known = done.returncode == REFUSED and done.stderr in REASONS
        raise Spoilt(done.stderr.decode() if known else "heavy")
    return done.stdout


@contextmanager
def _place() -> Iterator[None]:
    if not _turnstile.acquire(timeout=PATIENCE_S):
        raise Unavailable
    try:
        yield
    finally:
        _turnstile.release()
