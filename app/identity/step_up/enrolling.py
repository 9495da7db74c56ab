"""Enrolling an authenticator, and parting with it."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from app import clock
from app.database import beyond, transaction, write
from app.identity import limits
from app.identity.limits import Limit
from app.identity.step_up.authenticator import (
    address_of,
    in_letters,
    is_timed,
    new_recovery_codes,
    new_secret,
    normal_code,
    step_of,
)
from app.identity.step_up.refusals import AuthenticatorEnrolled, NoAuthenticator, ProofRefused
from app.policy import Actor
from app.privacy import audit, vault

SECRET = "authenticator.secret"  # noqa: S105  the name of a field
RECOVERY = "recovery-code"
PROOFS = (
    Limit("proof-five-minutes", 5, timedelta(minutes=5)),
    Limit("proof-day", 50, timedelta(days=1)),
)

ENROL = """
INSERT INTO authenticator (account_id, secret_sealed, made_at)
VALUES (%(account)s, %(secret)s, %(now)s)
ON CONFLICT (account_id) DO UPDATE
  SET secret_sealed = excluded.secret_sealed, made_at = excluded.made_at, last_step = 0
  WHERE authenticator.confirmed_at IS NULL
RETURNING 1
"""
PENDING = """
SELECT secret_sealed FROM authenticator
WHERE account_id = %(account)s AND confirmed_at IS NULL FOR UPDATE
"""
CONFIRM = """
UPDATE authenticator SET confirmed_at = %(now)s, last_step = %(step)s
WHERE account_id = %(account)s AND confirmed_at IS NULL
"""
KEEP_CODES = """
INSERT INTO recovery_code (account_id, code_hash)
SELECT %(account)s, unnest(%(hashes)s::bytea[])
"""
FORGET_CODES = "DELETE FROM recovery_code WHERE account_id = %(account)s"
REMOVE = "DELETE FROM authenticator WHERE account_id = %(account)s RETURNING 1"

# A proof by phone is worth nothing any more, on any device.
FORGET_PROOFS = """
UPDATE sign_in_session SET proved_at = NULL, proved_how = NULL
WHERE account_id = %(account)s AND proved_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret to be read into an app, shown once."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def enrol(actor: Actor) -> Enrolment:
    """Make a secret for an authenticator; it counts once ``confirm`` has had a code of it.

    Raises:
        AuthenticatorEnrolled: one counts already.
    """
    secret = new_secret()
    sealed = vault.seal(SECRET, actor.account_id, in_letters(secret), actor.account_id)
    with transaction():
        about = {"account": actor.account_id, "secret": sealed, "now": clock.now()}
        if not write(ENROL, about):
            raise AuthenticatorEnrolled
        audit(actor.account_id, "authenticator-offered", "account", actor.account_id)
    return Enrolment(in_letters(secret), address_of(secret, str(actor.account_id)[:8]))


def confirm(actor: Actor, code: str) -> list[str]:
    """Let the authenticator count, and return recovery codes that are shown this once.

    Raises:
        NoAuthenticator: none waits to be confirmed.
        ProofRefused: the code is not the authenticator's.
        TooMany: five codes were tried in five minutes, or fifty today.
    """
    limits.count(f"account {actor.account_id}", *PROOFS)
    now, written = clock.now(), normal_code(code)
    with transaction():
        about = {"account": actor.account_id, "now": now}
        found = write(PENDING, about)
        if not found:
            raise NoAuthenticator
        secret = opened(actor.account_id, found[0].secret_sealed)
        step = step_of(secret, written, now.timestamp()) if is_timed(written) else None
        if step is None:
            raise ProofRefused
        write(CONFIRM, about | {"step": step})
        write(FORGET_PROOFS, about)
        codes = new_recovery_codes()
        write(FORGET_CODES, about)
        write(KEEP_CODES, about | {"hashes": [recovery_hash(actor.account_id, c) for c in codes]})
        audit(actor.account_id, "authenticator-enrolled", "account", actor.account_id)
    return codes


def remove(by: UUID, account_id: UUID) -> None:
    """Part with an authenticator, one's own, or that of somebody who has lost it and every code.

    Raises:
        NoAuthenticator: there is none.
    """
    with transaction(), beyond():
        about = {"account": account_id}
        if not write(REMOVE, about):
            raise NoAuthenticator
        write(FORGET_CODES, about)
        write(FORGET_PROOFS, about)
        audit(by, "authenticator-removed", "account", account_id)


def opened(account_id: UUID, sealed: bytes) -> bytes:
    """Return the secret of an authenticator."""
    return base64.b32decode(vault.open(SECRET, account_id, sealed))


def recovery_hash(account_id: UUID, code: str) -> bytes:
    """Return what is kept of a recovery code: of its normal form, as it is checked."""
    return vault.index(RECOVERY, f"{account_id}:{normal_code(code)}")
