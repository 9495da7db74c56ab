"""What one answer of a feed holds, and where it ends."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from app.calls.messages import Answer, BadAnswer
from app.sync.connectors.http.columns import records_of, rows_of
from app.sync.connectors.protocol import Rows, SourceRefused

AHEAD = timedelta(minutes=5)  # as far as clocks may differ


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
    read: Callable[[], Rows]


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
    latest = newest_time()
    places = [place for record in records if (place := place_of(record, latest))]
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
        read=partial(rows_of, answer.body),
    )


def newest_time() -> int:
    """Return the latest time that a record may carry, in µs since 1970."""
    return int((time.time() + AHEAD.total_seconds()) * 1_000_000)


def place_of(record: Any, latest: int) -> Place | None:
    """Return a record's place; one from the future would make us overlook all until then."""
    if not isinstance(record, Mapping):
        return None
    sid, updated_at = record.get("sid"), record.get("updated_at")
    if type(updated_at) is not int or not isinstance(sid, str) or not sid:
        return None
    if not 0 <= updated_at <= latest:
        return None
    return Place(updated_at, sid)
