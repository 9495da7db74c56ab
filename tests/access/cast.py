"""Who asks: every role, from every side of one place.

The place is a grid of 浪头镇. A member of staff stands over it (community, zone), beside it (a
community of another sub-zone), in it, or had a right there that has ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import uuid_utils.compat as uuids
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.http.tokens import issue_token
from app.policy import Role
from app.privacy import vault
from tests.people import NEIGHBOUR, PEOPLE, RESIDENT, Caller, account_of

GRID = PEOPLE["resident"]["grid"]
OVER = PEOPLE["worker"]["area"]
ZONE = "DDHT"
BESIDE = PEOPLE["neighbour"]["grid"].rpartition("-")[0]
DEPARTMENTS = "SELECT department_code FROM matter WHERE code = 'RUBBISH'"
OTHER = "SELECT code FROM department WHERE code <> %(code)s ORDER BY code LIMIT 1"

AREA_ROLES = (Role.GRID_WORKER, Role.DESK_CLERK, Role.DISTRICT_STAFF)
SIDES = {"in": GRID, "over": OVER, "zone": ZONE, "beside": BESIDE}

ACCOUNTS = """
WITH made AS (
  INSERT INTO account (id, phone_index)
  SELECT id, index FROM unnest(%(ids)s::uuid[], %(indexes)s::bytea[]) AS v(id, index))
INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code, department_code,
                         valid_from, valid_to)
SELECT sid, role, id, name, area, department, date '2020-01-01', until
FROM unnest(%(sids)s::text[], %(roles)s::text[], %(ids)s::uuid[], %(areas)s::text[],
            %(departments)s::text[], %(untils)s::date[], %(names)s::bytea[])
  AS v(sid, role, id, area, department, until, name)
"""
MATE = """
SELECT r.id FROM resident r JOIN resident me ON me.household_sid = r.household_sid
WHERE me.sid = %(sid)s AND r.id <> me.id ORDER BY r.sid LIMIT 1
"""
NEXT_DOOR = """
SELECT r.id FROM resident r JOIN household h ON h.sid = r.household_sid
JOIN address d ON d.sid = h.address_sid JOIN resident me ON me.sid = %(sid)s
WHERE d.grid_code = %(grid)s AND r.household_sid <> me.household_sid ORDER BY r.sid LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member of staff may do where, and until when."""

    role: Role
    area: str | None = None
    department: str | None = None
    ended: bool = False


def standings() -> dict[str, Standing]:
    """Return the members of staff by what the table of answers calls them."""
    mine = read(DEPARTMENTS)[0].department_code
    other = read(OTHER, {"code": mine})[0].code
    found = {
        f"{role}@{side}": Standing(role, area)
        for role in AREA_ROLES
        for side, area in SIDES.items()
    }
    found |= {f"{role}@ended": Standing(role, OVER, ended=True) for role in AREA_ROLES}
    found |= {
        "department_handler@own": Standing(Role.DEPARTMENT_HANDLER, None, mine),
        "department_handler@other": Standing(Role.DEPARTMENT_HANDLER, None, other),
    }
    without_place = set(Role) - {Role.ANYONE, Role.RESIDENT, Role.DEPARTMENT_HANDLER, *AREA_ROLES}
    return found | {str(role): Standing(role) for role in sorted(without_place)}


@dataclass(frozen=True)
class Cast:
    """Everybody, signed in; ``accounts`` of those who have one."""

    callers: dict[str, Caller]
    accounts: dict[str, UUID]

    def __iter__(self) -> Iterator[tuple[str, Caller]]:
        """Yield each with their name."""
        return iter(self.callers.items())


def gather(app: Flask) -> Cast:
    """Sign everybody in; all have just proved once more who they are."""
    accounts = _residents() | _staff()
    callers = {"nobody": Caller(app)}
    for name, account in accounts.items():
        callers[name] = Caller(app, _signed_in(account))
    return Cast(callers, accounts)


def dismiss() -> None:
    """Take the staff of the cast away again."""
    with transaction():
        write("DELETE FROM staff_grant WHERE staff_sid LIKE 'CAST-%%'")


def _residents() -> dict[str, UUID]:
    sid = PEOPLE["resident"]["sid"]
    found = {
        "resident@own": account_of(RESIDENT),
        "resident@beside": account_of(NEIGHBOUR),
    }
    for name, sql in (("resident@household", MATE), ("resident@next-door", NEXT_DOOR)):
        person = read(sql, {"sid": sid, "grid": GRID})[0].id
        found[name] = _account(name, person)
    return found | {"resident@unproved": _account("resident@unproved", None)}


def _account(name: str, resident: UUID | None) -> UUID:
    key = uuids.uuid7()
    row = {
        "id": key,
        "index": vault.index("phone", name),
        "resident": resident,
        "level": 2 if resident else 1,
    }
    with transaction():
        write(
            "INSERT INTO account (id, phone_index, resident_id, level)"
            " VALUES (%(id)s, %(index)s, %(resident)s, %(level)s)",
            row,
        )
    vault.subjects.made(key)
    return key


def _staff() -> dict[str, UUID]:
    dismiss()
    every = standings()
    ids = {name: uuids.uuid7() for name in every}
    with transaction():
        write(
            ACCOUNTS,
            {
                "ids": list(ids.values()),
                "indexes": [vault.index("phone", name) for name in every],
                "sids": [f"CAST-{name}" for name in every],
                "names": [vault.seal("staff.name", f"CAST-{name}", "演员") for name in every],
                "roles": [str(each.role) for each in every.values()],
                "areas": [each.area for each in every.values()],
                "departments": [each.department for each in every.values()],
                "untils": [clock.today() if each.ended else None for each in every.values()],
            },
        )
    for key in ids.values():
        vault.subjects.made(key)
    return ids


def _signed_in(account: UUID) -> dict[str, str]:
    session = uuids.uuid7()
    now = clock.now()
    with transaction():
        write(
            "INSERT INTO sign_in_session (id, account_id, device_sealed, started_at, refreshed_at,"
            " expires_at, refresh_hash, proved_at, proved_how) VALUES (%(id)s, %(account)s,"
            " '\\x00', %(now)s, %(now)s, %(until)s, %(hash)s, %(now)s, 'totp')",
            {
                "id": session,
                "account": account,
                "now": now,
                "until": now.replace(year=now.year + 1),
                "hash": session.bytes,
            },
        )
    return {"Authorization": f"Bearer {issue_token(account, session)}"}
