"""Nearest first: pages of open requests around a place or in a box, by great-circle distance."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from app import clock
from app.database import FIRST_ID, Cursor, Page, read
from app.database.earth import cube_literal, on_earth
from app.geo.nearness import chord_of, metres_of, on_unit_earth
from app.policy import Actor
from community.requests import queries
from community.requests.near.cells import Box
from community.requests.policy import SEEN_BY, seen_by

OPEN = queries.OPEN
SPOT = f"({on_earth('r.lng', 'r.lat')})"
"""The exact place, as the index ``ix_service_request_open_spot`` has it; a window for staff."""

# The innermost query walks the index in order of distance: a second key in its ORDER BY, or the
# radius in its WHERE, would have every case in the box sorted instead (measured: 40 ms for 0.6).
# Equal distances come whole, WITH TIES, so that the outer order by (chord, id) loses and repeats
# nothing. All that is told stands in the index itself: open cases lie far apart among those that
# are over, and a page of the table for each would be read from the disk's cache (1,000,000 cases:
# 92 pages of table and key a question, 28 of the index). It is read through a window of the wall,
# which has no condition of a policy that would keep the server from the index: see adr/0036.
NEAR = f"""
SELECT r.id, r.number, r.matter_code, r.state, r.lng, r.lat, r.filed_at, chord
FROM (
  SELECT r.id, r.number, r.matter_code, r.state, r.lng, r.lat, r.filed_at,
    r.place <-> %(here)s::cube AS chord
  FROM request_pin r
  WHERE r.state IN {OPEN}
    AND r.place && cube_enlarge(%(here)s::cube, %(reach)s, 3) {{conditions}}
  ORDER BY r.place <-> %(here)s::cube FETCH FIRST %(limit)s ROWS WITH TIES
) r WHERE chord <= %(reach)s ORDER BY chord, r.id LIMIT %(limit)s
"""  # noqa: S608  constants of ours
FURTHER = "AND (r.place <-> %(here)s::cube, r.id) > (%(chord)s, %(after)s::uuid)"

AROUND = f"""
SELECT {queries.COLUMNS}, chord
FROM (
  SELECT id, chord FROM (
    SELECT r.id, {SPOT} <-> %(here)s::cube AS chord FROM request_spot r
    WHERE r.state IN {OPEN} AND {SEEN_BY}
      AND {SPOT} && cube_enlarge(%(here)s::cube, %(reach)s, 3) {{conditions}}
    ORDER BY {SPOT} <-> %(here)s::cube FETCH FIRST %(limit)s ROWS WITH TIES
  ) walked WHERE chord <= %(reach)s ORDER BY chord, id LIMIT %(limit)s
) nearest JOIN service_request r USING (id) ORDER BY chord, r.id
"""  # noqa: S608  constants of ours
FURTHER_AROUND = f"AND ({SPOT} <-> %(here)s::cube, r.id) > (%(chord)s, %(after)s::uuid)"

OF_MATTER = "AND r.matter_code = %(matter)s"
OF_STATE = "AND r.state = %(state)s"
OF_AREA = "AND r.grid_code IN (SELECT a.code FROM area a WHERE a.path && ARRAY[%(area)s::text])"
DUE = "AND r.paused_at IS NULL AND r.deadline_at > %(after_{n})s AND r.deadline_at <= %(until_{n})s"
IN_BOX = "AND r.lng BETWEEN %(west)s AND %(east)s AND r.lat BETWEEN %(south)s AND %(north)s"

LONG_AGO = datetime(2000, 1, 1, tzinfo=clock.SHANGHAI)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests: around which place (WGS-84), how far in metres, and which of those.

    ``due`` is ``overdue``, ``today`` or None; ``due_within`` hours from now. What is paused is
    neither due nor overdue.
    """

    here: tuple[float, float]
    radius: int
    box: Box | None = None
    matter: str | None = None
    state: str | None = None
    area: str | None = None
    due: str | None = None
    due_within: int | None = None


def near(wanted: Wanted, cursor: str | None, limit: int) -> Page[dict[str, Any]]:
    """Return the public view of open requests around a place, nearest first.

    Place, order, metres and box are those of the place rounded to some 100 m, and nothing says
    who filed it. What is confidential or merged is not in it.
    """
    page = _page("near", NEAR, FURTHER, wanted, {}, cursor, limit)
    return Page([_public(row) for row in page.items], page.next)


def around(actor: Actor, wanted: Wanted, cursor: str | None, limit: int) -> Page[Any]:
    """Return open requests in the actor's sight around a place, nearest first, where they are."""
    page = _page("around", AROUND, FURTHER_AROUND, wanted, seen_by(actor), cursor, limit)
    return Page([_exact(row) for row in page.items], page.next)


def _page(
    name: str,
    sql: str,
    further: str,
    wanted: Wanted,
    seen: dict[str, Any],
    cursor: str | None,
    limit: int,
) -> Page[Any]:
    after = Cursor.read(name, cursor, [float, str])
    conditions, values = _conditions(wanted)
    chord, last = after or (0.0, FIRST_ID)
    about = {
        "here": cube_literal(on_unit_earth(*wanted.here)),
        "reach": chord_of(wanted.radius),
        "chord": chord,
        "after": last,
        "limit": limit + 1,
    }
    clauses = " ".join([further, *conditions] if after else conditions)
    rows = read(sql.format(conditions=clauses), {**seen, **about, **values})
    return Cursor.page(name, rows, limit, lambda row: [row.chord, str(row.id)])


def _conditions(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    clauses: list[str] = []
    values: dict[str, Any] = {}
    for clause, name in ((OF_MATTER, "matter"), (OF_STATE, "state"), (OF_AREA, "area")):
        if getattr(wanted, name) is not None:
            clauses.append(clause)
            values[name] = getattr(wanted, name)
    for n, (after, until) in enumerate(_terms(wanted)):
        clauses.append(DUE.format(n=n))
        values |= {f"after_{n}": after, f"until_{n}": until}
    if wanted.box is not None:
        clauses.append(IN_BOX)
        box = wanted.box
        values |= {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    return clauses, values


def _terms(wanted: Wanted) -> list[tuple[datetime, datetime]]:
    """Return the spans of time in which a deadline must lie."""
    now, found = clock.now(), []
    if wanted.due == "overdue":
        found.append((LONG_AGO, now))
    if wanted.due == "today":
        begins = datetime.combine(clock.today(), time(), clock.SHANGHAI)
        found.append((begins, begins + timedelta(days=1)))
    if wanted.due_within is not None:
        found.append((now, now + timedelta(hours=wanted.due_within)))
    return found


def _public(row: Any) -> dict[str, Any]:
    key, number, matter, state, lng, lat, filed_at, chord = tuple(row)
    return {
        "id": key,
        "number": number,
        "matter_code": matter,
        "state": state,
        "lng": lng,
        "lat": lat,
        "filed_at": filed_at,
        "metres": round(metres_of(chord)),
    }


def _exact(row: Any) -> dict[str, Any]:
    return {**row._asdict(), "metres": round(metres_of(row.chord))}
