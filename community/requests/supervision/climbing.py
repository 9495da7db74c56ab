"""Which rung each of some rows climbs now, and when each is looked at again. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from community.requests.clock.ladder import NextRung

TO_ANSWER = timedelta(hours=1)
"""Whoever a rung tells has this long before the next is climbed, however late the worker was."""

Next = Callable[[Any, int], NextRung | None]


def planned(
    rows: Iterable[Any], next_of: Next, now: datetime
) -> tuple[list[tuple[Any, NextRung]], list[tuple[Any, int, datetime | None]]]:
    """Return (row, rung) of those that climb, and (row, its rung then, when to look) of all.

    ``next_of`` tells the next rung of a row above a rung, or None at the top. What is not due,
    since its limit or the ladder moved, is only looked at again.
    """
    climbing: list[tuple[Any, NextRung]] = []
    looked: list[tuple[Any, int, datetime | None]] = []
    for row in rows:
        found = next_of(row, row.rung)
        if found is None or found.at > now:
            looked.append((row, row.rung, found.at if found else None))
            continue
        climbing.append((row, found))
        after = next_of(row, found.rung)
        looked.append((row, found.rung, max(after.at, now + TO_ANSWER) if after else None))
    return climbing, looked
