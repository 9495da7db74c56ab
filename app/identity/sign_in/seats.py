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
    """A few seats of one process; of its four threads, at least one goes on with all the rest.

    ``waiting``: so many more may stand by, for ``patience`` seconds at most.
    """

    def __init__(self, many: int, waiting: int = 0, patience: float = 0.0) -> None:
        self._here = threading.BoundedSemaphore(many + waiting)
        self._free = threading.BoundedSemaphore(many)
        self._patience = patience

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Sit down, or be refused.

        Raises:
            SeatsTaken: all seats are taken.
        """
        if not self._here.acquire(blocking=False):
            raise SeatsTaken
        try:
            if not self._free.acquire(timeout=self._patience):
                raise SeatsTaken
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._here.release()


CODES = Seats(1, waiting=1, patience=0.3)
"""For codes: one at a time, some hundred a second, and one stands by."""
SLOW = Seats(1)
"""For what takes long by its nature: a hash, a provider that is asked."""
