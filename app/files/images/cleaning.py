"""Having a picture decoded by a process apart, and bounding that process from outside, too."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from app.errors import Unavailable
from app.files.refusals import ImageRefused

DECODER = Path(__file__).with_name("decoder.py")
WALL_S = 15.0  # three times the processor time: a busy machine is no fault of the picture
AT_ONCE = 2  # in this process; a decoder takes a core and up to half a gibibyte
PATIENCE_S = 5.0
REFUSED = 3
MOST_PIXELS, LONGEST_SIDE = 40_000_000, 12_000
REASONS = {b"pixels", b"sides", b"frames", b"broken", b"heavy"}

_turnstile = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture drawn anew as JPEG, and a small one of it."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def clean_image(content: bytes, pixels: int = MOST_PIXELS, side: int = LONGEST_SIDE) -> CleanImage:
    """Return the picture in ``content`` drawn anew, upright and with nothing but its pixels.

    It may have so many ``pixels``, and be so long a ``side``.

    Takes some 50 ms for the process and 20 ms a megapixel (measured).

    Raises:
        ImageRefused: it is too large, moves, is broken, or takes too much to read.
        Unavailable: as many pictures as this process reads at once are being read.
    """
    with _place():
        try:
            done = subprocess.run(  # noqa: S603  our own program, no word of a caller in it
                [sys.executable, "-I", str(DECODER), str(pixels), str(side)],
                input=content,
                capture_output=True,
                timeout=WALL_S,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired as fault:
            raise ImageRefused(reason="heavy") from fault
    if done.returncode:
        known = done.returncode == REFUSED and done.stderr in REASONS
        raise ImageRefused(reason=done.stderr.decode() if known else "heavy")
    head, _, body = done.stdout.partition(b"\n")
    width, height, length, _small = orjson.loads(head)
    return CleanImage(body[:length], body[length:], width, height)


@contextmanager
def _place() -> Iterator[None]:
    if not _turnstile.acquire(timeout=PATIENCE_S):
        raise Unavailable
    try:
        yield
    finally:
        _turnstile.release()
