"""Whether the district answers at all: who does not answer is not asked for every event.

An installation with a hundred thousand waiting subjects would otherwise spend a night on timeouts,
and every one of them would count as a try of an event that nothing is wrong with.
"""

import time
from collections.abc import Callable
from datetime import timedelta

IN_A_ROW = 5  # so many unanswered sends, and the fault is not the event's
FIRST_REST = 5.0
LONGEST_REST = 300.0  # so late at most do we notice that the district is back
LONGEST_ASKED = 3600.0


class Line:
    """Counts what comes back; rests when nothing does, and then tries one before it tries all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._missed = 0
        self._rests = 0
        self._until = 0.0

    @property
    def resting(self) -> bool:
        """Tell whether nothing is to be sent now."""
        return self._clock() < self._until

    @property
    def doubted(self) -> bool:
        """Tell whether there was a rest and no answer since."""
        return self._rests > 0

    def room(self, most: int) -> int:
        """Return how many may be sent now: none at rest, one after it, ``most`` otherwise."""
        if self.resting:
            return 0
        return 1 if self.doubted else most

    def answered(self) -> None:
        """Note that the district took or declined an envelope: it is there."""
        self._missed = self._rests = 0

    def missed(self, after: timedelta | None = None) -> bool:
        """Note that it did not answer, or asked to wait ``after``; return whether a rest begins."""
        asked = min(LONGEST_ASKED, after.total_seconds()) if after else 0.0
        if self.resting:  # one that was on its way when the rest began
            self._until = max(self._until, self._clock() + asked)
            return False
        self._missed += 1
        if self._missed < IN_A_ROW and not self.doubted:
            return False
        rest = min(LONGEST_REST, FIRST_REST * 2 ** min(self._rests, 10))
        self._until = self._clock() + max(rest, asked)
        self._missed = 0
        self._rests += 1
        return True
