"""Seats for what takes long: so many may wait at once that the others are still served."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import Unavailable, Words


class SeatsTaken(Unavailable):
    """Too many people sign in this way at this moment. Try again, or sign in with a code."""

    slug = "sign-in-busy"
    title = Words("登录人数较多,请稍后再试", "Too many are signing in this way just now")


class Seats:
    """A few seats of one process; of its four threads, the others go on with what is quick."""

    def __init__(self, many: int) -> None:
        self._free = threading.BoundedSemaphore(many)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Sit down, or be refused at once.

        Raises:
            SeatsTaken: all seats are taken.
        """
        if not self._free.acquire(blocking=False):
            raise SeatsTaken
        try:
            yield
        finally:
            self._free.release()
