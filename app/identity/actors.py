"""Who is asking, read in one query on every request: a grant taken away stops the next one."""

from uuid import UUID

from app import clock
from app.database import beyond, read
from app.http.refusals import SessionEnded
from app.policy import Actor, Grant, Role
from app.privacy import vault

PHONE_LEVEL = 1

ACTOR = """
SELECT a.id AS account_id, a.level, a.resident_id, a.reading_mark, a.suspended_at,
       h.id AS household_id, ar.path,
       k.subject AS key_of, k.wrapped AS key_wrapped,
       (SELECT array_agg(ARRAY[g.role, g.area_code, g.department_code])
        FROM staff_grant g WHERE g.account_id = a.id AND g.valid_from <= %(today)s
          AND (g.valid_to IS NULL OR g.valid_to > %(today)s)) AS grants
FROM sign_in_session s
JOIN account a ON a.id = s.account_id
LEFT JOIN subject_key k ON k.subject = a.id
LEFT JOIN resident r ON r.id = a.resident_id
LEFT JOIN household h ON h.sid = r.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN area ar ON ar.code = ad.grid_code
WHERE s.id = %(session)s AND s.account_id = %(account)s AND s.revoked_at IS NULL
  AND s.expires_at > now() AND a.status = 'active'
"""


def load_actor(account_id: UUID, session_id: UUID) -> Actor:
    """Return the person behind a token, with the grants that hold today.

    Raises:
        SessionEnded: the session or the account no longer stands.
    """
    with beyond():  # whose rows the caller may reach is what this finds out
        found = read(ACTOR, {"account": account_id, "session": session_id, "today": clock.today()})
    if not found:
        raise SessionEnded
    row = found[0]
    if row.key_of:  # read together: what the caller writes is sealed without asking again
        vault.subjects.read_with(row.key_of, row.key_wrapped)
    if row.suspended_at:  # nothing that was ever proved or granted counts until it is proved anew
        return Actor(row.account_id, session_id, PHONE_LEVEL, suspended=True)
    grants = tuple(
        Grant(Role(role), area, department) for role, area, department in row.grants or ()
    )
    return Actor(
        account_id=row.account_id,
        session_id=session_id,
        level=row.level,
        grants=grants,
        resident_id=row.resident_id,
        household_id=row.household_id,
        area_path=tuple(row.path or ()),
        reading_mark=row.reading_mark,
    )
