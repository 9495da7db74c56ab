"""Open pages, by the places of their readers: whom a change is for is asked of no database."""

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Protocol
from uuid import UUID

from app.errors import Unavailable
from notices.audience.reading import Keys
from notices.live.changes import HOLDERS, RESIDENT, Change
from notices.live.refusals import TooManyStreams

EACH = 5
"""Streams of one account."""


class Line(Protocol):
    """The way to a page."""

    def send(self, content: bytes) -> None:
        """Send without waiting; whoever reads too slowly is cut off."""

    def close(self, last: bytes = b"") -> None:
        """Say a last word, and end."""


class Page:
    """One open page: whose it is, where they are met, and the way to it."""

    __slots__ = ("account", "keys", "line", "session")

    def __init__(self, session: UUID, account: UUID, keys: Keys, line: Line) -> None:
        self.session, self.account, self.keys, self.line = session, account, keys, line

    def is_meant(self, change: Change) -> bool | None:
        """Tell whether a change is for this reader; None: if they hold one of its matters."""
        met = [self.keys[place] for place in change.places if place in self.keys]
        if any(change.people & people for people in met):
            return True
        if change.people & HOLDERS and any(people & RESIDENT for people in met):
            return None
        return False


class Pages:
    """All pages that a process holds open. One thread uses it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._all: dict[Page, None] = {}
        self._at: dict[str, set[Page]] = {}
        self._of: Counter[UUID] = Counter()

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, page: Page) -> bool:
        return page in self._all

    def __iter__(self) -> Iterator[Page]:
        return iter(list(self._all))

    @property
    def accounts(self) -> int:
        """Return how many people have a page open."""
        return len(self._of)

    def admit(self, page: Page) -> None:
        """Take a page in.

        Raises:
            Unavailable: the process holds as many as it may; another one may have room.
            TooManyStreams: the account has five.
        """
        if len(self._all) >= self._most:
            raise Unavailable(retry_after=30)
        if self._of[page.account] >= EACH:
            raise TooManyStreams(retry_after=60, most=EACH)
        self._of[page.account] += 1
        self._all[page] = None
        self._enter(page)

    def dismiss(self, page: Page) -> None:
        """Forget a page; a repeat changes nothing."""
        if page not in self._all:
            return
        del self._all[page]
        self._leave(page)
        self._of[page.account] -= 1
        if not self._of[page.account]:
            del self._of[page.account]

    def move(self, page: Page, keys: Keys) -> None:
        """Meet a reader elsewhere from now on."""
        self._leave(page)
        page.keys = keys
        self._enter(page)

    def take(self, many: int) -> list[Page]:
        """Return the pages whose turn it is; they come again when all others had theirs."""
        turn = list(islice(self._all, many))
        for page in turn:
            self._all[page] = self._all.pop(page)
        return turn

    def near(self, places: Collection[str]) -> set[Page]:
        """Return the pages whose readers are met at one of the places."""
        return set().union(*(self._at.get(place, ()) for place in places))

    def _enter(self, page: Page) -> None:
        for place in page.keys:
            self._at.setdefault(place, set()).add(page)

    def _leave(self, page: Page) -> None:
        for place in page.keys:
            there = self._at[place]
            there.discard(page)
            if not there:
                del self._at[place]
