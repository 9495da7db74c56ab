"""Signing in with a phone and a one-time code."""

import hmac
import secrets
from datetime import timedelta
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.database import transaction
from app.identity import limits
from app.identity.limits import Limit
from app.identity.models import Account
from app.identity.sessions.lasting import Started, begin
from app.identity.sign_in.models import SignInChallenge
from app.identity.sign_in.refusals import CodeRefused
from app.privacy import vault
from app.sms.queue import queue_message

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5

PER_PHONE = (
    Limit("code-phone-hour", 5, timedelta(hours=1)),
    Limit("code-phone-day", 10, timedelta(days=1)),
)
PER_NETWORK = Limit("code-network", 100, timedelta(minutes=5))
EVERYBODY = Limit("code-everybody", 10_000, timedelta(minutes=5))
TRIES_PER_NETWORK = Limit("try-network", 100, timedelta(minutes=5))


def ask_for_code(phone: str, address: str) -> tuple[UUID, int]:
    """Send a code to ``phone``; return the challenge's id and its seconds to live.

    Known and unknown numbers take the same way and get the same answer.

    Raises:
        TooMany: the number, its network or everybody together has asked too often.
    """
    limits.count(limits.network_of(address), PER_NETWORK)  # first: it must not cost others a code
    limits.count(phone, *PER_PHONE)
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
        return begin(account_id, device)


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


def _code_hash(challenge: UUID, code: str) -> bytes:
    return vault.index("sign-in-code", f"{challenge}:{code}")
