"""Telling how far a reading is; whoever is told may end it there."""

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Told after each page: which walk it is, the rows so far of the whole, and how many there are."""

FOR_ITS_KEYS = "{stream}, again for its keys"
"""What the second walk through a stream is called; the first has the name of the stream."""


class Stopped(Exception):
    """Raised by the progress to end a reading after the page that it is told of."""
