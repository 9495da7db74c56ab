"""Following instead of filing again: open cases of the same matter near the point, one call each.

Who follows is written with the case that they followed; where it was merged they see its master,
unless that is confidential, and their own again when it is taken out.
"""

from typing import Any
from uuid import UUID

from app import clock
from app.database import LAST_ID, Cursor, Page, beyond, read, transaction, write
from app.database.earth import cube_literal
from app.errors import NotFound
from app.geo.nearness import chord_of, metres_of, on_unit_earth
from app.policy import Actor
from community.catalogue.service import find_matter
from community.requests.queries import OPEN
from community.requests.refusals import MatterUnknown

AT_MOST = 10

SIMILAR = f"""
SELECT r.id, r.number, r.matter_code, r.state, r.lng, r.lat, r.filed_at,
  r.place <-> %(here)s::cube AS chord,
  (SELECT count(*)::int FROM request_follow f WHERE f.request_id = r.id) AS followers
FROM request_pin r
WHERE r.state IN {OPEN} AND r.matter_code = %(matter)s
  AND r.place && cube_enlarge(%(here)s::cube, %(reach)s, 3)
ORDER BY r.place <-> %(here)s::cube, r.id LIMIT %(limit)s
"""  # noqa: S608  constants of ours

FOLLOW = """
INSERT INTO request_follow (request_id, account_id, since)
SELECT r.id, %(me)s, %(now)s FROM request_pin r WHERE r.id = %(id)s ON CONFLICT DO NOTHING
"""
SHOWN = "SELECT 1 FROM request_pin r WHERE r.id = %(id)s"
UNFOLLOW = "DELETE FROM request_follow WHERE request_id = %(id)s AND account_id = %(me)s"

FOLLOWING = """
SELECT m.id, m.number, m.matter_code, m.state, m.deadline_at, m.settled_at, m.result, f.since,
  f.request_id, r.number AS followed_number
FROM request_follow f JOIN service_request r ON r.id = f.request_id
LEFT JOIN service_request c ON r.state = 'merged' AND c.id = r.master_id AND NOT c.confidential
JOIN service_request m ON m.id = coalesce(c.id, r.id)
WHERE f.account_id = %(me)s AND (f.since, f.request_id) < (%(since)s::timestamptz, %(before)s::uuid)
ORDER BY f.since DESC, f.request_id DESC LIMIT %(limit)s
"""


def similar(here: tuple[float, float], matter: str) -> list[dict[str, Any]]:
    """Return the open cases of a matter near a place (WGS-84), the nearest first, ten at most.

    How near is the matter's own to say; places are the public ones, rounded to some 100 m.

    Raises:
        MatterUnknown: the catalogue has no such matter today.
    """
    try:
        found = find_matter(matter)
    except NotFound as fault:
        raise MatterUnknown from fault
    # the shown place may lie half a cell of 100 m off
    reach = chord_of(found.near_metres + 75)
    about = {"here": cube_literal(on_unit_earth(*here)), "matter": matter, "reach": reach}
    with beyond():  # who follows is theirs to know; how many do is told
        rows = read(SIMILAR, about | {"limit": AT_MOST})
    return [
        {**row._asdict(), "metres": round(metres_of(row.chord))}
        for row in rows
        if row.chord <= reach
    ]


def follow(actor: Actor, request_id: UUID) -> None:
    """Follow a request that everybody may see; a repeat does no harm.

    Raises:
        NotFound: there is none, or whoever filed it wants it confidential.
    """
    with transaction():
        if not read(SHOWN, {"id": request_id}):
            raise NotFound
        write(FOLLOW, {"id": request_id, "me": actor.account_id, "now": clock.now()})


def unfollow(actor: Actor, request_id: UUID) -> None:
    """Follow a request no more; a repeat does no harm."""
    with transaction():
        write(UNFOLLOW, {"id": request_id, "me": actor.account_id})


def following(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return what the actor follows, the newest first: of a member what becomes of its master."""
    after = Cursor.read("following", cursor, [str, str]) or ["infinity", LAST_ID]
    about = {"me": actor.account_id, "since": after[0], "before": after[1], "limit": limit + 1}
    with beyond():  # neighbours filed them; of each it is told how it stands, and nobody's words
        rows = read(FOLLOWING, about)
    return Cursor.page(
        "following", rows, limit, lambda row: [row.since.isoformat(), str(row.request_id)]
    )
