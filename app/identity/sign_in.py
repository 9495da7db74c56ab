"""Phone and one-time code, sessions, and refresh tokens that survive a lost answer."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.database import transaction
from app.identity import limits
from app.identity.limits import Limit
from app.identity.models import Account, SignInChallenge, SignInSession
from app.identity.refusals import CodeRefused, RefreshRefused
from app.identity.sms import queue_message
from app.policy import Actor
from app.privacy import audit, vault

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
SESSION_LIVES = timedelta(days=30)

PER_PHONE = (
    Limit("code-phone-hour", 5, timedelta(hours=1)),
    Limit("code-phone-day", 10, timedelta(days=1)),
)
PER_NETWORK = Limit("code-network", 100, timedelta(minutes=5))
EVERYBODY = Limit("code-everybody", 10_000, timedelta(minutes=5))
TRIES_PER_NETWORK = Limit("try-network", 100, timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class Started:
    """A session that has begun or goes on: what the edge makes tokens of."""

    account_id: UUID
    session_id: UUID
    refresh_token: str


def ask_for_code(phone: str, address: str) -> tuple[UUID, int]:
    """Send a code to ``phone``; return the challenge's id and its seconds to live.

    Known and unknown numbers take the same way and get the same answer.

    Raises:
        TooMany: the number, its network or everybody together has asked too often.
    """
    limits.count(phone, *PER_PHONE)
    limits.count(limits.network_of(address), PER_NETWORK)
    limits.count("", EVERYBODY)
    challenge, code = uuids.uuid7(), f"{secrets.randbelow(10**6):06d}"
    with transaction() as session:
        session.add(
            SignInChallenge(
                id=challenge,
                phone_index=vault.index("phone", phone),
                code_hash=_code_hash(challenge, code),
                expires_at=clock.now() + CODE_LIVES,
            )
        )
        queue_message(
            challenge, phone, f"邻里验证码 {code},10 分钟内有效,请勿转告他人。", CODE_LIVES
        )
    return challenge, int(CODE_LIVES.total_seconds())


def sign_in(challenge: UUID, code: str, device: str, address: str) -> Started:
    """Begin a session with a code.

    Raises:
        CodeRefused: the code is wrong, used, expired, or was tried five times.
        TooMany: the network has tried too often.
    """
    limits.count(limits.network_of(address), TRIES_PER_NETWORK)
    phone_index = _spend_code(challenge, code)
    with transaction() as session:
        account_id = session.scalar(
            insert(Account)
            .values(phone_index=phone_index)
            .on_conflict_do_update(index_elements=["phone_index"], set_={"status": Account.status})
            .returning(Account.id)
        )
        assert account_id is not None
        token = secrets.token_urlsafe(32)
        now = clock.now()
        begun = SignInSession(
            id=uuids.uuid7(),
            account_id=account_id,
            device=device,
            started_at=now,
            refreshed_at=now,
            expires_at=now + SESSION_LIVES,
            refresh_hash=_token_hash(token),
        )
        session.add(begun)
        audit(account_id, "sign-in", "session", begun.id)
    return Started(account_id, begun.id, token)


def _spend_code(challenge: UUID, code: str) -> bytes:
    """Count the try first, in its own commit; then spend the code by one atomic update."""
    now = clock.now()
    alive = (
        (SignInChallenge.id == challenge)
        & SignInChallenge.used_at.is_(None)
        & (SignInChallenge.expires_at > now)
    )
    with transaction() as session:
        expected = session.scalar(
            update(SignInChallenge)
            .where(alive, SignInChallenge.tries < CODE_TRIES)
            .values(tries=SignInChallenge.tries + 1)
            .returning(SignInChallenge.code_hash)
        )
    if expected is None or not hmac.compare_digest(expected, _code_hash(challenge, code)):
        raise CodeRefused
    with transaction() as session:
        phone_index = session.scalar(
            update(SignInChallenge)
            .where(alive)
            .values(used_at=now)
            .returning(SignInChallenge.phone_index)
        )
    if phone_index is None:
        raise CodeRefused
    return bytes(phone_index)


def refresh(token: str, rotation_id: UUID) -> Started:
    """Rotate a refresh token; the phone keeps ``rotation_id`` before it calls.

    A lost answer signs nobody out: the same token with the same id gives the same successor, as
    long as that was not used. Any other second use revokes the session (RFC 9700, 4.14).

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
        if found and found.rotation_id == rotation_id and found.successor_sealed:
            token = vault.open("session.successor", presented.hex(), found.successor_sealed)
            return Started(found.account_id, found.id, token)
        if found:
            found.revoked_at = now
            audit(found.account_id, "refresh-token-reused", "session", found.id)
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


def _code_hash(challenge: UUID, code: str) -> bytes:
    return vault.index("sign-in-code", f"{challenge}:{code}")


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
