"""Refresh tokens that are used once and yet survive a lost answer."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select, update

from app import clock
from app.database import beyond, transaction, write
from app.identity.models import Account
from app.identity.sessions.beginning import Started, token_hash
from app.identity.sessions.models import SignInSession, SpentToken
from app.identity.sessions.refusals import RefreshRefused
from app.privacy import audit, vault

SEEN = """
UPDATE account SET seen_at = %(now)s WHERE id = %(account)s AND seen_at < %(day)s
"""
SEEN_AGAIN_AFTER = timedelta(days=1)  # what dormancy is reckoned by need not be newer


@beyond()
def refresh(token: str, rotation_id: UUID) -> Started:
    """Rotate a refresh token; the phone keeps ``rotation_id`` before it calls.

    A lost answer signs nobody out: the same token with the same id gives the same successor, as
    long as that was not used. Any other second use of a token that was ever spent revokes the
    session (RFC 9700, 4.14).

    Raises:
        RefreshRefused: the token is unknown, or was used twice.
    """
    now, presented = clock.now(), token_hash(token)
    successor = secrets.token_urlsafe(32)
    with transaction() as session:
        current = session.execute(
            update(SignInSession)
            .where(
                SignInSession.refresh_hash == presented,
                SignInSession.revoked_at.is_(None),
                SignInSession.expires_at > now,
                exists().where(Account.id == SignInSession.account_id, Account.status == "active"),
            )
            .values(
                refresh_hash=token_hash(successor),
                spent_hash=presented,
                rotation_id=rotation_id,
                successor_sealed=vault.seal("session.successor", presented.hex(), successor),
                refreshed_at=now,
            )
            .returning(SignInSession.id, SignInSession.account_id)
        ).one_or_none()
        if current:
            session.add(SpentToken(hash=presented, session_id=current.id, spent_at=now))
            day = now - SEEN_AGAIN_AFTER
            write(SEEN, {"account": current.account_id, "now": now, "day": day})
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
