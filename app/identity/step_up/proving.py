"""Proving once more who one is: by authenticator, recovery code, or a code to the phone."""

import hmac
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import apart, transaction, write
from app.errors import FieldFault, Invalid, Words
from app.identity import limits
from app.identity.limits import Limit
from app.identity.step_up.authenticator import is_timed, normal_code, step_of
from app.identity.step_up.enrolling import PROOFS, opened, recovery_hash
from app.identity.step_up.refusals import AuthenticatorEnrolled, ProofRefused
from app.policy import Actor
from app.privacy import audit, vault
from app.sms.queue import queue_message

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CODES = (Limit("proof-code-hour", 5, timedelta(hours=1)),)

OWN_PHONE = "SELECT phone_index FROM account WHERE id = %(account)s"
SEND = """
INSERT INTO proof_code (session_id, code_hash, expires_at)
VALUES (%(session)s, %(hash)s, %(until)s)
ON CONFLICT (session_id) DO UPDATE
  SET code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries = 0
"""

# By itself, in its own commit: the try counts whatever becomes of it.
TRY = """
UPDATE proof_code SET tries = tries + 1
WHERE session_id = %(session)s AND tries < %(most)s AND expires_at > %(now)s RETURNING code_hash
"""
SPEND = """
DELETE FROM proof_code WHERE session_id = %(session)s AND code_hash = %(hash)s RETURNING 1
"""

ENROLLED = """
SELECT secret_sealed FROM authenticator
WHERE account_id = %(account)s AND confirmed_at IS NOT NULL
"""
TAKE_STEP = """
UPDATE authenticator SET last_step = %(step)s
WHERE account_id = %(account)s AND last_step < %(step)s RETURNING 1
"""
USE_RECOVERY = """
UPDATE recovery_code SET used_at = %(now)s
WHERE account_id = %(account)s AND code_hash = %(hash)s AND used_at IS NULL RETURNING 1
"""
MARK = """
UPDATE sign_in_session SET proved_at = %(now)s, proved_how = %(how)s WHERE id = %(session)s
"""


def send_code(actor: Actor, phone: str) -> int:
    """Send a code to the account's phone, said once more; return its seconds to live.

    Raises:
        AuthenticatorEnrolled: the phone proves nothing any more.
        Invalid: it is not the phone of the account.
        TooMany: five were asked for in this hour.
    """
    if actor.has_totp:
        raise AuthenticatorEnrolled
    limits.count(f"account {actor.account_id}", *CODES)
    with transaction():
        known = write(OWN_PHONE, {"account": actor.account_id})[0].phone_index
        if bytes(known) not in vault.indexes("phone", phone):
            words = Words("与本账户绑定的手机号码不一致", "This is not the phone of this account")
            raise Invalid([FieldFault("/phone", "not-bound", words)])
        code = f"{secrets.randbelow(10**6):06d}"
        about = {"session": actor.session_id, "hash": _hash(actor.session_id, code)}
        write(SEND, about | {"until": clock.now() + CODE_LIVES})
        text = f"邻里操作验证码 {code},10 分钟内有效,请勿转告他人。"
        queue_message(uuids.uuid7(), phone, text, CODE_LIVES)
    return int(CODE_LIVES.total_seconds())


def prove(actor: Actor, code: str) -> None:
    """Prove by a code who one is; sensitive deeds of this session pass for five minutes.

    Raises:
        ProofRefused: the code is wrong, used or old.
        TooMany: five codes were tried in five minutes, or fifty today.
    """
    limits.count(f"account {actor.account_id}", *PROOFS)
    written = normal_code(code)
    with transaction():
        if actor.has_totp:
            how = _by_authenticator(actor, written) or _by_recovery(actor, written)
        else:
            how = _by_phone(actor, written)
        if how is None:
            raise ProofRefused
        kept = "phone" if how == "phone" else "totp"
        write(MARK, {"now": clock.now(), "how": kept, "session": actor.session_id})
        audit(actor.account_id, "proved-again", "session", actor.session_id, how=how)


def _by_authenticator(actor: Actor, code: str) -> str | None:
    found: list[Any] = write(ENROLLED, {"account": actor.account_id})
    if not found or not is_timed(code):
        return None
    secret = opened(actor.account_id, found[0].secret_sealed)
    step = step_of(secret, code, clock.now().timestamp())
    about = {"account": actor.account_id, "step": step}
    return "totp" if step is not None and write(TAKE_STEP, about) else None


def _by_recovery(actor: Actor, code: str) -> str | None:
    hashed = recovery_hash(actor.account_id, code)
    about = {"account": actor.account_id, "hash": hashed, "now": clock.now()}
    return "recovery-code" if write(USE_RECOVERY, about) else None


def _by_phone(actor: Actor, code: str) -> str | None:
    about = {"session": actor.session_id, "most": CODE_TRIES, "now": clock.now()}
    expected = next((row.code_hash for row in apart(TRY, about)), None)
    hashed = _hash(actor.session_id, code)
    if expected is None or not hmac.compare_digest(bytes(expected), hashed):
        return None
    return "phone" if write(SPEND, {"session": actor.session_id, "hash": hashed}) else None


def _hash(session_id: UUID, code: str) -> bytes:
    return vault.index("proof-code", f"{session_id}:{code}")
