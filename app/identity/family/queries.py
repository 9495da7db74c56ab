"""Reads of guardians and households, in the server's own words."""

from typing import Any
from uuid import UUID

from app.database import LAST_ID, Cursor, Page, read
from app.identity.family.policy import SEEN_BY, seen_by
from app.identity.guardians import ROWS
from app.policy import Actor

ONE = f"{ROWS} WHERE p.id = %(id)s AND {SEEN_BY}"
MINE = f"""{ROWS}
WHERE p.{{side}}_resident_id = %(my_resident)s AND p.id < %(before)s::uuid
ORDER BY p.id DESC LIMIT %(limit)s
"""
HELD = f"{ROWS} WHERE p.id = %(id)s AND p.guardian_resident_id = %(my_resident)s"

# Adults who agreed to share in the household that they and the caller live in today.
SHARING = """
SELECT a.id AS account_id, r.sid, r.name_sealed, r.relation
FROM household_share s
JOIN account a ON a.id = s.account_id AND a.status = 'active'
JOIN resident r ON r.id = a.resident_id
JOIN household h ON h.sid = r.household_sid AND h.id = s.household_id
WHERE s.household_id = %(household)s AND s.withdrawn_at IS NULL AND a.id <> %(me)s
ORDER BY a.id LIMIT 50
"""


def one(actor: Actor, guardianship_id: UUID) -> Any | None:
    """Return a guardianship that is in the actor's sight."""
    return next(iter(read(ONE, {"id": guardianship_id, **seen_by(actor)})), None)


def held(actor: Actor, guardianship_id: UUID) -> Any | None:
    """Return a guardianship in which the actor is the guardian."""
    about = {"id": guardianship_id, "my_resident": actor.resident_id}
    return next(iter(read(HELD, about)), None)


def listed(actor: Actor, side: str, cursor: str | None, limit: int) -> Page[Any]:
    """Return the actor's guardianships as ``guardian`` or as ``ward``, the newest first."""
    name = f"guardianships-{side}"
    before = (Cursor.read(name, cursor, [str]) or [LAST_ID])[0]
    sql = MINE.format(side="guardian" if side == "guardian" else "ward")
    rows = read(sql, {**seen_by(actor), "before": before, "limit": limit + 1})
    return Cursor.page(name, rows, limit, lambda row: [str(row.id)])


def sharing(actor: Actor) -> list[Any]:
    """Return the other adults of the actor's household who agreed to share."""
    return read(SHARING, {"household": actor.household_id, "me": actor.account_id})
