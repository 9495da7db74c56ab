"""Ctrl-C, a polite kill, or a closed terminal: counted, never raised in the middle of a deed."""

import os
import select
import signal
import time
from types import FrameType, TracebackType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ECHO = 0.5  # seconds; one deed may reach us twice, as when make passes on what its group heard


class Signals:
    """Counts how often we were asked to end, while it is entered, and wakes a waiting loop.

    Also wakes it when a child ends, so that the loop can sleep long and still answer at once.
    """

    def __init__(self) -> None:
        """Count from nothing."""
        self.asked = 0
        self._last = -ECHO

    def __enter__(self) -> "Signals":
        """Take over the signals; main thread only."""
        self._hear, self._tell = os.pipe()
        for end in (self._hear, self._tell):
            os.set_blocking(end, False)
        self._old_fd = signal.set_wakeup_fd(self._tell, warn_on_full_buffer=False)
        handlers = {**dict.fromkeys(ENDING, self._count), signal.SIGCHLD: _nothing}
        self._old = {number: signal.signal(number, act) for number, act in handlers.items()}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        for number, handler in self._old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_fd)
        os.close(self._hear)
        os.close(self._tell)

    def wait(self, seconds: float) -> None:
        """Sleep until a signal comes, at most ``seconds``."""
        if select.select([self._hear], [], [], seconds)[0]:
            os.read(self._hear, 1024)

    def _count(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._last > ECHO:
            self.asked += 1
        self._last = now


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Be woken; a signal without a handler of its own would not write to the pipe."""
