"""Reads of staff and of added rights, in the server's own words."""

from datetime import date
from typing import Any
from uuid import UUID

from app.database import LAST_ID, Cursor, Page, read
from app.identity.staff.policy import SEEN_BY, seen_by
from app.policy import Actor

# A member of staff may stand in several rows of the register, one a role.
MEMBER = """
SELECT g.account_id, a.status FROM staff_grant g JOIN account a ON a.id = g.account_id
WHERE g.staff_sid = %(sid)s AND (g.valid_to IS NULL OR g.valid_to > %(today)s) LIMIT 1
"""

STAFF = """
SELECT g.staff_sid, g.role, g.area_code, g.department_code, g.valid_from, g.valid_to,
  g.account_id, g.name_sealed, a.status
FROM staff_grant g JOIN account a ON a.id = g.account_id
WHERE (g.staff_sid, g.role) > (%(sid)s, %(role)s)
ORDER BY g.staff_sid, g.role LIMIT %(limit)s
"""

COLUMNS = """
g.id, g.kind, g.account_id, g.role, g.area_code, g.department_code, g.covered_account_id,
g.valid_from, g.valid_to, g.reason_sealed, g.state, g.version, g.asked_by, g.asked_at,
g.decided_by, g.decided_at, g.ended_by, g.ended_at
"""
ONE = f"SELECT {COLUMNS} FROM added_grant g WHERE g.id = %(id)s AND {SEEN_BY}"  # noqa: S608
LISTED = f"""
SELECT {COLUMNS} FROM added_grant g
WHERE g.id < %(before)s::uuid AND {SEEN_BY} ORDER BY g.id DESC LIMIT %(limit)s
"""  # noqa: S608  constants of ours

# What somebody holds or is to hold on any day of a period.
ROLES_THEN = """
SELECT role FROM staff_grant
WHERE account_id = %(account)s AND valid_from < %(to)s AND (valid_to IS NULL OR valid_to > %(from)s)
UNION SELECT role FROM added_grant
WHERE account_id = %(account)s AND kind = 'grant' AND state IN ('asked', 'standing')
  AND valid_from < %(to)s AND valid_to > %(from)s
"""

PLACE = """
SELECT EXISTS (SELECT FROM area WHERE code = %(code)s AND valid_from <= %(today)s
  AND (valid_to IS NULL OR valid_to > %(today)s)) AS area,
  EXISTS (SELECT FROM department WHERE code = %(code)s AND valid_from <= %(today)s
  AND (valid_to IS NULL OR valid_to > %(today)s)) AS department
"""


def member(sid: str, today: date) -> Any | None:
    """Return the account of a member of staff, by the register's key, if they hold anything."""
    return next(iter(read(MEMBER, {"sid": sid, "today": today})), None)


def roles_then(account_id: UUID, first: date, end: date) -> set[str]:
    """Return the roles that somebody holds on any day from ``first`` to before ``end``."""
    about = {"account": account_id, "from": first, "to": end}
    return {row.role for row in read(ROLES_THEN, about)}


def place(code: str | None, today: date) -> Any:
    """Return whether there is such an area, and such a department, today."""
    return read(PLACE, {"code": code, "today": today})[0]


def staff(cursor: str | None, limit: int) -> Page[Any]:
    """Return the staff register's rows, by key and role."""
    after = Cursor.read("staff", cursor, [str, str]) or ["", ""]
    rows = read(STAFF, {"sid": after[0], "role": after[1], "limit": limit + 1})
    return Cursor.page("staff", rows, limit, lambda row: [row.staff_sid, row.role])


def one(actor: Actor, grant_id: UUID) -> Any | None:
    """Return an added right that is in the actor's sight."""
    return next(iter(read(ONE, {"id": grant_id, **seen_by(actor)})), None)


def listed(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return the added rights in the actor's sight, the newest first."""
    before = (Cursor.read("grants", cursor, [str]) or [LAST_ID])[0]
    rows = read(LISTED, {**seen_by(actor), "before": before, "limit": limit + 1})
    return Cursor.page("grants", rows, limit, lambda row: [str(row.id)])
