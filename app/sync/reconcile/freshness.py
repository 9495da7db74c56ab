"""How fresh what people are shown is: when all that the district had of it was last here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.database import Kept, Page, read
from app.sync.inward.booked import LAST_READING

FRESH_WITHIN_S = 93_600
"""26 hours, for a source that is not configured: a night's run and two hours to be late."""

# Of a stream with several sources the one that is behind says how fresh it is; a source that has
# never been read to its end has brought nothing yet that could be old.
FRESH = """
SELECT coalesce(json_object_agg(stream, fresh_at ORDER BY stream)::text, '{}') FROM (
  SELECT stream, min(fresh_at) AS fresh_at FROM sync_checkpoint WHERE fresh_at IS NOT NULL
  GROUP BY stream) s
"""
STANDING = f"""
SELECT c.source, c.stream, c.fresh_at, c.equal_at, f.within AS fresh_within_s,
  coalesce(c.fresh_at < now() - make_interval(secs => f.within), true) AS stale,
  r.status AS last_status, r.message AS last_message, r.started_at AS last_started_at
FROM sync_checkpoint c
LEFT JOIN sync_source s ON s.source = c.source
CROSS JOIN LATERAL (SELECT coalesce(s.fresh_within_s, %(otherwise)s)::int AS within) f
{LAST_READING.format(of="c")}ORDER BY c.source, c.stream
"""


def _fresh() -> Mapping[str, datetime]:
    ((found,),) = read(FRESH)
    return {stream: datetime.fromisoformat(at) for stream, at in json.loads(found).items()}


kept_freshness = Kept(FRESH, _fresh)
"""When each stream was last all here; asked for at most every five seconds."""


def freshness_of(*streams: str) -> datetime | None:
    """Return since when nothing of these streams is older, or None if one was never all here.

    It costs a statement at most every five seconds a process, and another when it has changed.
    """
    fresh = kept_freshness.get()
    return min(fresh[each] for each in streams) if set(streams) <= fresh.keys() else None


@dataclass(frozen=True, slots=True)
class DatedPage:
    """Some of the district's records, the cursor of the next page, and how fresh they are."""

    items: Sequence[Any]
    next: str | None
    as_of: datetime | None


def dated(page: Page[Any], *streams: str) -> DatedPage:
    """Return a page with the time since which nothing of these streams is older."""
    return DatedPage(page.items, page.next, freshness_of(*streams))


def dated_one(row: Any, *streams: str) -> Mapping[str, Any]:
    """Return one record with the time since which nothing of these streams is older."""
    return {**row._asdict(), "as_of": freshness_of(*streams)}


def standing() -> Sequence[Any]:
    """Return each stream of each source: how fresh, whether too old, how it was last read."""
    return read(STANDING, {"otherwise": FRESH_WITHIN_S})
