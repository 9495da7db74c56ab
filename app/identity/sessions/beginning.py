"""Beginning a session: the one gate that every way of signing in goes through.

Mobile numbers are given to somebody else after they lay idle for 90 days (电信服务规范). So an
account whose real name is known and that nobody used for so long is suspended when somebody comes
in again: it keeps its name for itself until they prove that they are the same person.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import beyond, transaction, write
from app.identity.sessions.models import SignInSession
from app.privacy import audit, vault

SESSION_LIVES = timedelta(days=30)
DORMANT = timedelta(days=90)

LET_IN = """
UPDATE account SET seen_at = %(now)s, suspended_at = CASE
  WHEN suspended_at IS NULL AND level >= 2 AND seen_at <= %(dormant)s THEN %(now)s
  ELSE suspended_at END
WHERE id = %(account)s AND status = 'active'
RETURNING suspended_at
"""


class NotLetIn(Exception):
    """The account does not stand; each way of signing in says so as it says that it failed."""


@dataclass(frozen=True, slots=True)
class Started:
    """A session that has begun or goes on: what the edge makes tokens of."""

    account_id: UUID
    session_id: UUID
    refresh_token: str = field(repr=False)


@beyond()
def begin(account_id: UUID, device: str, way: str = "code") -> Started:
    """Begin a session of an account on a device; ``way`` is how it was let in.

    Raises:
        NotLetIn: the account is closed.
    """
    token, now, key = secrets.token_urlsafe(32), clock.now(), uuids.uuid7()
    with transaction() as session:
        about = {"account": account_id, "now": now, "dormant": now - DORMANT}
        found = write(LET_IN, about)
        if not found:
            raise NotLetIn
        session.add(
            SignInSession(
                id=key,
                account_id=account_id,
                device_sealed=vault.seal("session.device", key, device, account_id),
                started_at=now,
                refreshed_at=now,
                last_used_at=now,
                expires_at=now + SESSION_LIVES,
                refresh_hash=token_hash(token),
                way=way,
            )
        )
        audit(account_id, "sign-in", "session", key, way=way)
        if found[0].suspended_at == now:
            audit(account_id, "binding-suspended", "account", account_id)
    return Started(account_id, key, token)


def token_hash(token: str) -> bytes:
    """Return what is kept of a refresh token; it holds 256 random bits, so no key is needed."""
    return hashlib.sha256(token.encode()).digest()
