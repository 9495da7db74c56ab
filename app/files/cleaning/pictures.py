"""Pictures: drawn anew from their pixels."""

from dataclasses import dataclass

import orjson

from app.files.cleaning.apart import Spoilt, run_apart
from app.files.refusals import ImageRefused

MOST_PIXELS, LONGEST_SIDE = 40_000_000, 12_000


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture drawn anew as JPEG, and a small one of it."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def clean_image(content: bytes, pixels: int = MOST_PIXELS, side: int = LONGEST_SIDE) -> CleanImage:
    """Return the picture in ``content`` drawn anew, upright and with nothing but its pixels.

    It may have so many ``pixels``, and be so long a ``side``. A megapixel takes some 20 ms
    (measured).

    Raises:
        ImageRefused: it is too large, moves, is broken, or takes too much to read.
        Unavailable: as many uploads as this process cleans at once are being cleaned.
    """
    try:
        drawn = run_apart("decoder.py", content, pixels, side)
    except Spoilt as fault:
        raise ImageRefused(reason=str(fault)) from fault
    head, _, body = drawn.partition(b"\n")
    width, height, length, _small = orjson.loads(head)
    return CleanImage(body[:length], body[length:], width, height)
