"""Reads a stream page by page along (updated_at, sid), and never believes a page blindly.

A record may be committed after others that carry a later time. So each reading begins some way
back: by the overlap, and by as long as the last reading had been under way, since what was
committed behind its back was at most an overlap old then. Pages repeat; none are skipped.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from app.calls.messages import Answer, BadAnswer, Question
from app.sync.connectors.http.columns import records_of, rows_of
from app.sync.connectors.protocol import Cursor, Page, SourceRefused

MICROSECOND = timedelta(microseconds=1)
REPEATS = 3  # the same page may come again while a cache forgets; not for ever
LARGEST_PAGE = 10_000
AHEAD = timedelta(minutes=5)  # as far as clocks may differ

Ask = Callable[[Question], Answer]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a stream: all up to it has been read. Its time is in µs since 1970."""

    since: int = 0
    after: str = ""

    def cursor(self) -> dict[str, Any]:
        """Return the place as JSON."""
        return {"since": self.since, "after": self.after}


@dataclass(frozen=True, slots=True)
class Contents:
    """What one answer holds: where it ends (None: no record says), and what comes after."""

    end: Place | None
    records: int
    more: bool
    rows: int | None
    etag: str | None
    body: bytes


def read_pages(
    ask: Ask, path: str, cursor: Cursor, size: int, overlap: timedelta
) -> Iterator[Page]:
    """Yield the pages after ``cursor``; none if the source says that nothing changed.

    Raises:
        SourceRefused: CURSOR_BACKWARDS, ROWS_DIFFER, NO_PLACE and what the answers are refused for.
    """
    walk = _Walk(_start(cursor, overlap))
    limit, began = min(size, LARGEST_PAGE), time.monotonic()
    tag_of = [walk.place.since, walk.place.after, limit]
    tag = cursor.get("etag") if cursor.get("etag_of") == tag_of else None
    headers = {"If-None-Match": str(tag)} if tag else None
    while True:
        query = walk.place.cursor() | {"limit": limit}
        answer = ask(Question("GET", path, query, headers=headers if walk.fresh else None))
        if answer.status == 304 and headers and walk.fresh:
            return
        page = contents_of(answer)
        # Only of a page that stands alone does the tag say that nothing came after it, too.
        alone = walk.fresh and not page.more
        walk.pass_by(page)
        if page.records:
            tags = {"etag": page.etag, "etag_of": tag_of} if alone and page.etag else {}
            ran = int(time.monotonic() - began) + 1
            yield Page(partial(rows_of, page.body), walk.place.cursor() | {"ran": ran} | tags)
        if not page.more:
            return


def contents_of(answer: Answer) -> Contents:
    """Read where an answer ends; what its records say is read elsewhere.

    Raises:
        SourceRefused: RECORDS_MISSING, NOT_IN_ORDER, NO_PLACE.
        BadAnswer: NOT_JSON.
    """
    if answer.status != 200:
        raise BadAnswer("ANSWER_UNEXPECTED", f"it answers {answer.status} to what it should know")
    content = answer.content()
    records = records_of(content)
    latest = int((time.time() + AHEAD.total_seconds()) * 1_000_000)
    places = [place for record in records if (place := _place_of(record, latest))]
    if any(late.since < early.since for early, late in pairwise(places)):
        raise SourceRefused("NOT_IN_ORDER", "its records are not in the order of updated_at")
    more, rows = content.get("more"), content.get("rows")
    if not isinstance(more, bool):
        raise SourceRefused("RECORDS_MISSING", "the answer does not say whether there are more")
    if records and more and not places:
        words = "no record of a page has a sid and an updated_at in µs, UTC, that has come already"
        raise SourceRefused("NO_PLACE", words)
    return Contents(
        end=places[-1] if places else None,
        records=len(records),
        more=more,
        rows=rows if type(rows) is int else None,
        etag=answer.headers.get("etag"),
        body=answer.body,
    )


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


def _place_of(record: Any, latest: int) -> Place | None:
    """Return a record's place; one from the future would make us overlook all until then."""
    if not isinstance(record, Mapping):
        return None
    sid, updated_at = record.get("sid"), record.get("updated_at")
    if type(updated_at) is not int or not isinstance(sid, str) or not sid:
        return None
    if not 0 <= updated_at <= latest:
        return None
    return Place(updated_at, sid)
