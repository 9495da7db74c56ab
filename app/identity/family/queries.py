"""Reads of guardians and households, in the server's own words."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import LAST_ID, Cursor, Page, read
from app.identity.family.policy import SEEN_BY, seen_by
from app.identity.numbers import age_on, parse_number
from app.policy import Actor
from app.privacy import vault

# Both are looked up in the register each time: what it shows now is what counts now.
ROWS = """
SELECT p.id, p.guardian_resident_id, p.ward_resident_id, p.basis, p.state, p.version, p.asked_at,
  p.desk_first_by, p.begun_at, p.ended_at,
  g.id IS NOT NULL AND w.id IS NOT NULL AS both_here,
  coalesce(g.household_sid = w.household_sid, false) AS same_household,
  coalesce(g.relation, '') AS guardian_relation, coalesce(w.relation, '') AS ward_relation,
  g.sid AS guardian_sid, g.name_sealed AS guardian_name, w.sid AS ward_sid,
  w.name_sealed AS ward_name, w.id_number_sealed AS ward_number,
  h.id AS household_id, ar.path AS home_path,
  (SELECT a.id FROM account a WHERE a.resident_id = w.id) AS ward_account_id,
  EXISTS (SELECT FROM guardian_consent c
    WHERE c.guardianship_id = p.id AND c.withdrawn_at IS NULL) AS consented
FROM guardianship p
LEFT JOIN resident g ON g.id = p.guardian_resident_id
LEFT JOIN resident w ON w.id = p.ward_resident_id
LEFT JOIN household h ON h.sid = w.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN area ar ON ar.code = ad.grid_code
"""
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


def age_of(row: Any) -> int | None:
    """Return the ward's full years today, or None for one who has left the register."""
    if row.ward_sid is None:
        return None
    today = clock.today()
    number = vault.open("resident.id_number", row.ward_sid, row.ward_number)
    return age_on(parse_number(number, today).born, today)
