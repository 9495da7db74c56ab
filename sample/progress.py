"""Tells how far a long run is: rows, rate and the time that remains."""

import sys
import time
from typing import TextIO

_QUIET_SECONDS = 2.0


class Progress:
    """Writes a line to standard error every two seconds; a shorter run says nothing."""

    def __init__(self, total: int, what: str, out: TextIO | None = None) -> None:
        """Begin to count towards `total` rows of `what`."""
        self._total, self._what, self._out = total, what, out or sys.stderr
        self._began = self._said = time.monotonic()

    def reached(self, rows: int) -> None:
        """Say so when `rows` are done, unless something was said a moment ago."""
        now = time.monotonic()
        if now - self._said < _QUIET_SECONDS:
            return
        self._said = now
        rate = rows / (now - self._began)
        remaining = (self._total - rows) / rate if rate else 0.0
        print(
            f"{rows:,} of {self._total:,} {self._what}, {rate:,.0f} a second, "
            f"{remaining:,.0f} s remain",
            file=self._out,
            flush=True,
        )
