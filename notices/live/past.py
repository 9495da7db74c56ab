"""What was told lately: a page that comes back is told what it missed."""

from collections import deque

from notices.live.changes import Change, hint, since
from notices.live.pages import Page

REMEMBERED = 1000  # changes that a page which comes back is told of


class Past:
    """The last changes, in their order; ``seen`` is the number of the newest."""

    def __init__(self) -> None:
        self.seen = 0
        self._told: deque[Change] = deque(maxlen=REMEMBERED)

    def begin(self, latest: int) -> None:
        """Ask the database for what was told before this process began."""
        self.seen = latest
        for change in since(latest - REMEMBERED, REMEMBERED):
            self.add(change)

    def add(self, change: Change) -> None:
        """Add the newest."""
        self.seen = change.seq
        self._told.append(change)

    def missed(self, page: Page, seen: int | None) -> list[bytes]:
        """Return what a page has not been told; where that is not known: that it should ask."""
        told = self._told
        if seen is None or seen > self.seen or (told and seen < told[0].seq - 1):
            return [hint(self.seen)]
        missed = [(change, page.is_meant(change)) for change in told if change.seq > seen]
        return [
            change.event() if meant else hint(change.seq)
            for change, meant in missed
            if meant is not False
        ]
