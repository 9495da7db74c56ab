"""The devices on which somebody is signed in, and signing out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app import clock
from app.database import LAST_ID, Cursor, Page, read, transaction, write
from app.errors import NotFound
from app.policy import Actor
from app.privacy import SealBroken, audit, vault

STANDING = "account_id = %(me)s AND revoked_at IS NULL AND expires_at > %(now)s"

MINE = f"""
SELECT id, device_sealed, started_at, refreshed_at, way FROM sign_in_session
WHERE {STANDING} AND id < %(before)s::uuid ORDER BY id DESC LIMIT %(limit)s
"""  # noqa: S608  constants of ours

END = f"""
UPDATE sign_in_session SET revoked_at = %(now)s
WHERE {STANDING} AND (%(session)s::uuid IS NULL OR id = %(session)s) RETURNING id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is signed in. ``last_used_at`` is true to ten minutes."""

    id: UUID
    device: str
    way: str
    started_at: datetime
    last_used_at: datetime
    current: bool


def devices(actor: Actor, cursor: str | None, limit: int) -> Page[Device]:
    """Return the devices on which the caller is signed in, the newest session first."""
    after = Cursor.read("devices", cursor, [str]) or [LAST_ID]
    about = {"me": actor.account_id, "now": clock.now(), "before": after[0], "limit": limit + 1}
    found = [_device(actor, row) for row in read(MINE, about)]
    return Cursor.page("devices", found, limit, lambda device: [str(device.id)])


def sign_out(actor: Actor) -> None:
    """End the caller's own session."""
    _end(actor, actor.session_id)


def sign_out_of(actor: Actor, session_id: UUID) -> None:
    """End one of the caller's sessions.

    Raises:
        NotFound: it is not the caller's, or has ended.
    """
    if not _end(actor, session_id):
        raise NotFound


def sign_out_everywhere(actor: Actor) -> None:
    """End all of the caller's sessions, this one too."""
    _end(actor, None)


def end_others(actor: Actor) -> None:
    """End all of the caller's sessions but this one, in the deed that changes how they sign in."""
    write(
        "UPDATE sign_in_session SET revoked_at = %(now)s WHERE account_id = %(me)s"
        " AND revoked_at IS NULL AND id <> %(session)s",
        {"me": actor.account_id, "now": clock.now(), "session": actor.session_id},
    )


def _end(actor: Actor, session_id: UUID | None) -> int:
    about = {"me": actor.account_id, "now": clock.now(), "session": session_id}
    with transaction():
        ended = write(END, about)
        for row in ended if session_id else ():
            audit(actor.account_id, "sign-out", "session", row.id)
        if not session_id:
            audit(
                actor.account_id, "sign-out-all", "account", actor.account_id, sessions=len(ended)
            )
    return len(ended)


def _device(actor: Actor, row: Any) -> Device:
    try:
        name = vault.open("session.device", row.id, bytes(row.device_sealed))
    except SealBroken:  # sealed under a key that is gone: the session can be ended all the same
        name = ""
    return Device(
        id=row.id,
        device=name,
        way=row.way,
        started_at=row.started_at,
        last_used_at=row.refreshed_at,
        current=row.id == actor.session_id,
    )
