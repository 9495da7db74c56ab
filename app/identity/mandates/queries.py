"""Reads of mandates, in the server's own words."""

from typing import Any
from uuid import UUID

from app.database import LAST_ID, Cursor, Page, read
from app.identity.mandates.policy import SEEN_BY, seen_by
from app.policy import Actor

# Principals are looked up in the register each time: who has left it is represented by nobody.
ROWS = """
SELECT m.id, m.agent_account_id, m.agent_resident_id, m.principal_resident_id, m.matters, m.powers,
  m.valid_from, m.valid_to, m.text_sealed, m.state, m.version, m.proposed_at, m.lapses_at,
  m.desk_first_by, m.signed_how, m.signed_at, m.ended_at,
  p.id IS NOT NULL AS principal_here, p.sid AS principal_sid, p.name_sealed AS principal_name,
  g.sid AS agent_sid, g.name_sealed AS agent_name, h.id AS household_id, ar.path AS home_path
FROM mandate m
LEFT JOIN resident p ON p.id = m.principal_resident_id
LEFT JOIN resident g ON g.id = m.agent_resident_id
LEFT JOIN household h ON h.sid = p.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN area ar ON ar.code = ad.grid_code
"""

ONE = f"{ROWS} WHERE m.id = %(id)s AND {SEEN_BY}"

# Each side has an index of its own, walked from the newest.
AS_AGENT = f"""{ROWS}
WHERE m.agent_account_id = %(me)s AND m.id < %(before)s::uuid ORDER BY m.id DESC LIMIT %(limit)s
"""
AS_PRINCIPAL = f"""{ROWS}
WHERE m.principal_resident_id = %(my_resident)s AND m.id < %(before)s::uuid
ORDER BY m.id DESC LIMIT %(limit)s
"""

ACTING = """
SELECT m.id, m.state, m.lapses_at, m.valid_from, m.valid_to, m.powers, m.matters,
  m.principal_resident_id, p.id IS NOT NULL AS principal_here, a.id AS account_id,
  h.id AS household_id, ar.path AS home_path
FROM mandate m
LEFT JOIN resident p ON p.id = m.principal_resident_id
LEFT JOIN account a ON a.resident_id = p.id
LEFT JOIN household h ON h.sid = p.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN area ar ON ar.code = ad.grid_code
WHERE m.id = %(id)s AND m.agent_account_id = %(me)s AND m.agent_resident_id = %(my_resident)s
"""

# The register's phone lies sealed in the mirror; the few sources there are make each a look-up.
PHONE = """
SELECT s.sid, s.phone_sealed FROM src_residents s
WHERE s.source IN (SELECT source FROM sync_checkpoint WHERE stream = 'residents')
  AND s.sid = %(sid)s AND s.deleted_at IS NULL AND s.phone_sealed IS NOT NULL LIMIT 1
"""


def one(actor: Actor, mandate_id: UUID) -> Any | None:
    """Return a mandate that is in the actor's sight."""
    return next(iter(read(ONE, {"id": mandate_id, **seen_by(actor)})), None)


def listed(actor: Actor, side: str, cursor: str | None, limit: int) -> Page[Any]:
    """Return the actor's mandates as ``agent`` or as ``principal``, the newest first."""
    name = f"mandates-{side}"
    before = (Cursor.read(name, cursor, [str]) or [LAST_ID])[0]
    sql = AS_AGENT if side == "agent" else AS_PRINCIPAL
    rows = read(sql, {**seen_by(actor), "before": before, "limit": limit + 1})
    return Cursor.page(name, rows, limit, lambda row: [str(row.id)])


def acting(actor: Actor, mandate_id: UUID) -> Any | None:
    """Return the terms of a mandate that the actor holds, and where its principal lives."""
    about = {"id": mandate_id, "me": actor.account_id, "my_resident": actor.resident_id}
    return next(iter(read(ACTING, about)), None)


def phone_of(sid: str) -> Any | None:
    """Return the register's phone of a resident, sealed, if it has one."""
    return next(iter(read(PHONE, {"sid": sid})), None)
