"""Sessions of devices, and refresh tokens that survive a lost answer."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy import func, select, update

from app import clock
from app.database import beyond, transaction
from app.identity.sessions.models import SignInSession, SpentToken
from app.identity.sessions.refusals import RefreshRefused
from app.policy import Actor
from app.privacy import audit, vault

SESSION_LIVES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Started:
    """A session that has begun or goes on: what the edge makes tokens of."""

    account_id: UUID
    session_id: UUID
    refresh_token: str


def begin(account_id: UUID, device: str) -> Started:
    """Begin a session of an account on a device."""
    token, now, key = secrets.token_urlsafe(32), clock.now(), uuids.uuid7()
    begun = SignInSession(
        id=key,
        account_id=account_id,
        device_sealed=vault.seal("session.device", key, device, account_id),
        started_at=now,
        refreshed_at=now,
        expires_at=now + SESSION_LIVES,
        refresh_hash=_token_hash(token),
    )
    with transaction() as session:
        session.add(begun)
        audit(account_id, "sign-in", "session", begun.id)
    return Started(account_id, begun.id, token)


@beyond()
def refresh(token: str, rotation_id: UUID) -> Started:
    """Rotate a refresh token; the phone keeps ``rotation_id`` before it calls.

    A lost answer signs nobody out: the same token with the same id gives the same successor, as
    long as that was not used. Any other second use of a token that was ever spent revokes the
    session (RFC 9700, 4.14).

    Raises:
        RefreshRefused: the token is unknown, or was used twice.
    """
    now, presented = clock.now(), _token_hash(token)
    successor = secrets.token_urlsafe(32)
    with transaction() as session:
        current = session.execute(
            update(SignInSession)
            .where(
                SignInSession.refresh_hash == presented,
                SignInSession.revoked_at.is_(None),
                SignInSession.expires_at > now,
            )
            .values(
                refresh_hash=_token_hash(successor),
                spent_hash=presented,
                rotation_id=rotation_id,
                successor_sealed=vault.seal("session.successor", presented.hex(), successor),
                refreshed_at=now,
            )
            .returning(SignInSession.id, SignInSession.account_id)
        ).one_or_none()
        if current:
            session.add(SpentToken(hash=presented, session_id=current.id, spent_at=now))
    if current:
        return Started(current.account_id, current.id, successor)
    return _repeat_or_revoke(presented, rotation_id, now)


def _repeat_or_revoke(presented: bytes, rotation_id: UUID, now: datetime) -> Started:
    with transaction() as session:
        found = (
            session.query(SignInSession)
            .filter_by(spent_hash=presented, revoked_at=None)
            .with_for_update()
            .one_or_none()
        )
        lost = found and found.rotation_id == rotation_id and found.expires_at > now
        if found and lost and found.successor_sealed:
            token = vault.open("session.successor", presented.hex(), found.successor_sealed)
            return Started(found.account_id, found.id, token)
        revoked = session.execute(
            update(SignInSession)
            .where(
                SignInSession.id.in_(
                    select(SpentToken.session_id).where(SpentToken.hash == presented)
                ),
                SignInSession.revoked_at.is_(None),
            )
            .values(revoked_at=now)
            .returning(SignInSession.id, SignInSession.account_id)
        ).one_or_none()
        if revoked:
            audit(revoked.account_id, "refresh-token-reused", "session", revoked.id)
    raise RefreshRefused


def sign_out(actor: Actor) -> None:
    """End the caller's own session."""
    with transaction() as session:
        session.execute(
            update(SignInSession)
            .where(SignInSession.id == actor.session_id)
            .values(revoked_at=func.now())
        )
        audit(actor.account_id, "sign-out", "session", actor.session_id)


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
