"""Telling how far a reading is; whoever is told may end it there."""

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Told after each page: which walk it is, the rows so far of the whole, and how many there are."""


def for_its_keys(stream: str) -> str:
    """Return what the second walk through a stream is called; the first has the stream's name."""
    return f"{stream}, again for its keys"


class Stopped(Exception):
    """Raised by the progress to end a reading after the page that it is told of."""
