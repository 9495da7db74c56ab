"""Who is asking, read in one query on every request: a grant taken away stops the next one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app import clock
from app.database import Kind, apart, beyond, goes_on_in, read
from app.http.refusals import SessionEnded
from app.identity.grants import grants_of
from app.identity.staying import may_stay, to_be_marked
from app.policy import Actor, Grant, Role, kept_apart
from app.privacy import vault

PHONE_LEVEL = 1

# The window opens for what looks beyond: whose rows the caller may reach is what this finds out.
ACTORS = """
SELECT account_id, session_id, level, resident_id, household_id, path, reading_mark,
  suspended_at, started_at, last_used_at, proved_at, proved_how, has_totp, key_of, key_wrapped,
  CASE WHEN has_enterprise THEN linli_enterprise_paths(account_id, %(today)s) END
    AS enterprise_paths,
  CASE WHEN is_staff THEN linli_grants(account_id, %(today)s) END AS grants
FROM standing_session WHERE expires_at > %(now)s
"""

# A caller who only asks whether anything is new is found, and mostly nothing else is read: the
# connection stays in the sight in which the next caller is looked for.
ACTOR_ALONE = f"{ACTORS} AND session_id = %(session)s AND account_id = %(account)s"
# For all others it is left in the sight of whom it found, which spares telling the server again.
ACTOR = f"""
WITH found AS MATERIALIZED ({ACTOR_ALONE})
SELECT found.*, set_config('linli.sight',
  CASE WHEN grants IS NULL THEN '{Kind.RESIDENT}' ELSE '{Kind.STAFF}' END
  || ' ' || account_id || ' ' || coalesce(resident_id::text, ''), false) AS sight
FROM found
"""  # noqa: S608  constants of ours
STANDING = f"{ACTORS} AND session_id = ANY(%(sessions)s::uuid[])"

STANDING_IN = f"""
SELECT {grants_of("a.id")} AS grants FROM account a
WHERE a.id = %(account)s AND a.status = 'active' AND a.suspended_at IS NULL
"""  # noqa: S608  constants of ours

MARK_USE = """
UPDATE sign_in_session SET last_used_at = %(now)s
WHERE id = %(session)s AND last_used_at < %(now)s
"""


def load_actor(account_id: UUID, session_id: UUID, alone: bool = False) -> Actor:
    """Return the person behind a token, with the grants that hold today.

    ``alone``: likely nothing is read for them. The last use of the session is written down at most
    once a minute.

    Raises:
        SessionEnded: the session or the account no longer stands, or a member of staff was away
            for too long.
    """
    now, today = clock.now(), clock.today()
    about = {"account": account_id, "session": session_id, "today": today, "now": now}
    with beyond():  # whose rows the caller may reach is what this finds out
        found = apart(ACTOR_ALONE if alone else ACTOR, about)
    if not found:
        raise SessionEnded
    row = found[0]
    if not alone:
        goes_on_in(row.sight)
    actor = _actor(row, now, today)
    if actor is None:
        raise SessionEnded
    if row.key_of:  # read together: what the caller writes is sealed without asking again
        vault.subjects.read_with(row.key_of, row.key_wrapped)
    if to_be_marked(row.last_used_at, now):
        with beyond():
            apart(MARK_USE, about)
    return actor


def standing(sessions: Sequence[UUID]) -> list[Actor]:
    """Return the persons behind those of the sessions that still stand; it is no use of them.

    For a process that holds pages open: it asks again and again, and nobody is signed in longer
    for that.
    """
    now, today = clock.now(), clock.today()
    about = {"sessions": list(sessions), "today": today, "now": now}
    found = (_actor(row, now, today) for row in apart(STANDING, about))
    return [actor for actor in found if actor is not None]


def absent(account_id: UUID) -> Actor:
    """Return somebody with the grants that hold today, signed in or not; level 1.

    For a deed that they set free and that is done later, without them. Whose account does not
    stand any more holds none.
    """
    with beyond():
        rows = read(STANDING_IN, {"account": account_id, "today": clock.today()})
    grants = tuple(grant for row in rows for grant in _grants(row))
    return Actor(account_id, account_id, PHONE_LEVEL, kept_apart(grants))


def _actor(row: Any, now: datetime, today: date) -> Actor | None:
    """Return the person of a row, or None: a member of staff who was away for too long."""
    grants = kept_apart(tuple(_grants(row)))
    if grants and not may_stay(row.started_at, row.last_used_at, now, today):
        return None
    if row.suspended_at:  # nothing that was ever proved or granted counts until it is proved anew
        return Actor(row.account_id, row.session_id, PHONE_LEVEL, suspended=True)
    return Actor(
        account_id=row.account_id,
        session_id=row.session_id,
        level=row.level,
        grants=grants,
        resident_id=row.resident_id,
        household_id=row.household_id,
        area_path=tuple(row.path or ()),
        enterprise_paths=tuple(tuple(each.split("/")) for each in row.enterprise_paths or ()),
        reading_mark=row.reading_mark,
        proved_at=row.proved_at,
        proved_how=row.proved_how,
        has_totp=row.has_totp,
    )


def _grants(row: Any) -> list[Grant]:
    return [
        Grant(Role(role), area, unit, UUID(covering) if covering else None)
        for role, area, unit, covering in row.grants or ()
    ]
