"""What changed in a worker's list since a cursor, and what left it; no change is ever skipped.

The cursor holds the oldest transaction that was still running when the last round began (the
snapshot's ``xmin``): whatever commits later than that, in whatever order, has that number or a
higher one and is told in the next round. A change may be told twice, which does a phone no harm; it
is never left out.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import clock
from app.database import FIRST_ID, Cursor, read
from app.policy import Actor
from community.requests import queries
from community.requests.policy import HELD_BY, WORKED_BY, seen_by

NAME = "changes"
KEPT_S = 6 * 86400  # a day less than the log is kept

# Each unit is walked by itself in the order of its index, so that a worker of many grids costs no
# more than pages of them; what is listed is judged by the row as it is now.
CHANGED = f"""
WITH mine AS (
  SELECT 'd:' || code AS unit FROM unnest(%(my_desks)s::text[]) AS desk(code)
  UNION ALL
  SELECT 'g:' || a.code FROM area a WHERE a.path && %(my_grids)s::text[]
), taken AS (
  SELECT xid, request_id FROM mine, LATERAL (
    SELECT c.xid, c.request_id FROM request_change c
    WHERE c.unit = mine.unit AND (c.xid, c.request_id) > (%(xid)s::xid8, %(after)s::uuid)
    ORDER BY c.xid, c.request_id LIMIT %(limit)s) walked
  WHERE %(units)s::text IS NOT NULL
  GROUP BY xid, request_id ORDER BY xid, request_id LIMIT %(limit)s
)
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, units.mark AS units,
  t.xid::text AS xid, t.request_id, {queries.COLUMNS},
  (r.state IN {queries.OPEN} AND (r.claimed_by IS NULL OR {HELD_BY})
   AND {WORKED_BY}) IS TRUE AS listed
FROM (SELECT md5(concat(string_agg(unit, ' ' ORDER BY unit), %(my_hands)s::uuid[])) AS mark
  FROM mine) units
LEFT JOIN taken t ON true LEFT JOIN service_request r ON r.id = t.request_id
ORDER BY t.xid, t.request_id
"""  # noqa: S608  constants of ours


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows that are in the list now, ids that are not, and where to go on.

    ``reset``: nothing can be said of what was before; read the whole list, then go on from
    ``since``. ``more``: ask again at once.
    """

    changed: list[Any]
    left: list[UUID]
    since: str
    more: bool
    reset: bool


def changes(actor: Actor, since: str | None, limit: int) -> Changes:
    """Return what changed in the actor's list since ``since``; without it, where to begin.

    Raises:
        CursorRefused: ``since`` was not given by this installation for this list.
    """
    begun = Cursor.read(NAME, since, [str, str, str, str, int, int])
    next_round, xid, after, units, at, fresh = begun or ("", "0", FIRST_ID, None, 0, 1)
    about = {"xid": xid, "after": after, "units": units, "limit": limit + 1}
    rows = read(CHANGED, {**seen_by(actor), **about})
    first, now = rows[0], int(clock.now().timestamp())
    if begun is None or units != first.units or now - at > KEPT_S:
        return Changes([], [], _cursor(first, first.horizon, now), more=False, reset=True)
    if fresh:
        next_round = first.horizon
    told = [row for row in rows if row.request_id is not None]
    more, told = len(told) > limit, told[:limit]
    if more:
        last = told[-1]
        keys = [next_round, last.xid, str(last.request_id), units, at, 0]
        following = Cursor.write(NAME, keys)
    else:
        following = _cursor(first, next_round, now)
    listed = {row.request_id: row for row in told if row.listed}
    left = {row.request_id for row in told} - listed.keys()
    return Changes(list(listed.values()), sorted(left), following, more, reset=False)


def _cursor(row: Any, horizon: str, now: int) -> str:
    """Return where the next round begins: before anything that could still become visible."""
    return Cursor.write(NAME, [horizon, _before(horizon), FIRST_ID, row.units, now, 1])


def _before(horizon: str) -> str:
    """Return the transaction before the horizon, after which (exclusively) a round begins."""
    return str(int(horizon) - 1)
