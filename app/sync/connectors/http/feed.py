"""Reads a stream page by page along (updated_at, sid), and never believes a page blindly.

A record may be committed after others that carry a later time. So each reading begins some way
back: by the overlap, and by as long as the last reading had been under way, since what was
committed behind its back was at most an overlap old then. Pages repeat; none are skipped.
"""

import time
from collections.abc import Iterator
from datetime import timedelta

from app.sync.connectors.http.asking import Ask, Asking
from app.sync.connectors.http.contents import Contents, Place
from app.sync.connectors.protocol import Cursor, Page, SourceRefused

MICROSECOND = timedelta(microseconds=1)
REPEATS = 3  # the same page may come again while a cache forgets; not for ever
LARGEST_PAGE = 10_000


def read_pages(
    ask: Ask, path: str, cursor: Cursor, size: int, overlap: timedelta
) -> Iterator[Page]:
    """Yield the pages after ``cursor``; none if the source says that nothing changed.

    Raises:
        SourceRefused: CURSOR_BACKWARDS, ROWS_DIFFER, NO_PLACE and what the answers are refused for.
    """
    walk = _Walk(_start(cursor, overlap))
    limit, began = min(size, LARGEST_PAGE), time.monotonic()
    asking = Asking(ask, path, limit)
    tag_of = [walk.place.since, walk.place.after, limit]
    tag = cursor.get("etag") if cursor.get("etag_of") == tag_of else None
    headers = {"If-None-Match": str(tag)} if tag else None
    while True:
        page = asking.next(walk.place, headers if walk.fresh else None)
        if page is None:
            return
        # Only of a page that stands alone does the tag say that nothing came after it, too.
        alone = walk.fresh and not page.more
        walk.pass_by(page)
        if page.records:
            tags = {"etag": page.etag, "etag_of": tag_of} if alone and page.etag else {}
            ran = int(time.monotonic() - began) + 1
            yield Page(page.read, walk.place.cursor() | {"ran": ran} | tags)
        if not page.more:
            return


class _Walk:
    """Where a reading stands, and what it has met: it goes on, or it ends."""

    def __init__(self, start: Place) -> None:
        self.place = start
        self.fresh = True
        self._met = {start.after}
        self._repeats = 0
        self._read = 0
        self._promised: int | None = None

    def pass_by(self, page: Contents) -> None:
        """Move on past a page; what leads backwards or round in circles is refused."""
        if self.fresh:
            self._promised = page.rows
        self.fresh = False
        self._read += page.records
        if page.more and not page.records:
            raise _backwards("it says that there is more, and sends nothing")
        if page.end:
            self._move(page.end)
        if not page.more and self._promised is not None and self._read < self._promised:
            words = f"it counted {self._promised} records and sent {self._read}"
            raise SourceRefused("ROWS_DIFFER", words)

    def _move(self, end: Place) -> None:
        """Sids are told apart, not put in order: that of the source's database may be another."""
        if end.since < self.place.since:
            raise _backwards("it went back to an earlier time")
        if end == self.place:
            self._repeats += 1
            if self._repeats > REPEATS:
                raise _backwards("it answers the same page again and again")
            return
        if end.since > self.place.since:
            self._met.clear()
        if end.after in self._met:
            raise _backwards("it came back to where it had been")
        self._met.add(end.after)
        self.place, self._repeats = end, 0


def _backwards(words: str) -> SourceRefused:
    return SourceRefused("CURSOR_BACKWARDS", words)


def _start(cursor: Cursor, overlap: timedelta) -> Place:
    since, after, ran = (cursor.get(name) for name in ("since", "after", "ran"))
    if type(since) is not int or not isinstance(after, str):
        return Place()
    back = overlap // MICROSECOND
    if not back:
        return Place(since, after)
    return Place(max(since - back - (ran if type(ran) is int else 0) * 1_000_000, 0))
