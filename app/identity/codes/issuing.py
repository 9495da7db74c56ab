"""Sending a code. Known and unknown numbers take the same way and get the same answer."""

import secrets
from datetime import timedelta
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import beyond, read, transaction, write
from app.errors import FieldFault, Invalid, Words
from app.identity import limits
from app.identity.codes.models import SignInChallenge, code_hash
from app.identity.codes.purposes import TEXTS, Purpose
from app.identity.limits import Limit, Try
from app.policy import Actor
from app.privacy import vault
from app.sms.queue import queue_message

CODE_LIVES = timedelta(minutes=10)

# Who knows a number can ask in its name. So a network has its own tries of a number, somebody who
# is signed in has theirs, and only the ceiling is shared by all who say the number.
PER_PHONE_AND_NETWORK = (
    Limit("code-phone-network-hour", 5, timedelta(hours=1)),
    Limit("code-phone-network-day", 10, timedelta(days=1)),
)
PER_PHONE = (
    Limit("code-phone-hour", 15, timedelta(hours=1)),
    Limit("code-phone-day", 30, timedelta(days=1)),
)
PER_HOLDER = (
    Limit("code-holder-hour", 5, timedelta(hours=1)),
    Limit("code-holder-day", 10, timedelta(days=1)),
)
PER_NETWORK = Limit("code-network", 100, timedelta(minutes=5))
EVERYBODY = Limit("code-everybody", 10_000, timedelta(minutes=5), rows=16)

OWN = "SELECT phone_index = ANY(%(indexes)s) AS own FROM account WHERE id = %(account)s"
STANDING = "SELECT phone_index FROM account WHERE phone_index = ANY(%(indexes)s)"

MOVE = """
UPDATE account SET phone_index = %(new)s WHERE phone_index = ANY(%(old)s)
  AND NOT EXISTS (SELECT FROM account WHERE phone_index = %(new)s)
"""


def issue(
    purpose: Purpose, phone: str, address: str, account_id: UUID | None = None
) -> tuple[UUID, int]:
    """Send a code to ``phone``; return the challenge's id and its seconds to live.

    ``account_id``: only this account may spend it.

    Raises:
        TooMany: the number, its network or everybody together has asked too often.
    """
    network = limits.network_of(address)
    pair = [(f"{phone} {network}", limit) for limit in PER_PHONE_AND_NETWORK]
    # In turn: a network that is refused must not cost others a code, nor a stranger the holder.
    limits.count_in_turn(_of_all(network), pair, [(phone, limit) for limit in PER_PHONE])
    return _sent(purpose, phone, account_id)


def issue_to_holder(actor: Actor, purpose: Purpose, phone: str, address: str) -> tuple[UUID, int]:
    """Send a code to the caller's own phone, which the caller says: only its index is kept.

    Raises:
        Invalid: it is not the phone of the account.
        TooMany: the account, its network or everybody together has asked too often.
    """
    shared = _of_all(limits.network_of(address))
    mine = [(f"account {actor.account_id}", limit) for limit in PER_HOLDER]
    limits.count_in_turn(shared, mine)  # before looking, so that nobody is guessed at
    found = read(OWN, {"indexes": vault.indexes("phone", phone), "account": actor.account_id})
    if not found or not found[0].own:
        words = Words("与本账户绑定的手机号码不一致", "This is not the phone of this account")
        raise Invalid([FieldFault("/phone", "not-bound", words)])
    return _sent(purpose, phone, actor.account_id)


def _of_all(network: str) -> list[Try]:
    return [(network, PER_NETWORK), ("", EVERYBODY)]


def _sent(purpose: Purpose, phone: str, account_id: UUID | None) -> tuple[UUID, int]:
    challenge, code = uuids.uuid7(), f"{secrets.randbelow(10**6):06d}"
    with transaction() as session, beyond():
        session.add(
            SignInChallenge(
                id=challenge,
                purpose=purpose,
                account_id=account_id,
                phone_index=_index_of(phone),
                code_hash=code_hash(challenge, purpose, code),
                expires_at=clock.now() + CODE_LIVES,
            )
        )
        queue_message(challenge, phone, TEXTS[purpose].format(code=code), CODE_LIVES)
    return challenge, int(CODE_LIVES.total_seconds())


def _index_of(phone: str) -> bytes:
    """Return the index under which the phone's account stands, moved to the key in use first.

    Accounts keep no phone: while the key turns, they move when their phone is said.
    """
    indexes = vault.indexes("phone", phone)
    if len(indexes) == 1:
        return indexes[0]
    with transaction():
        write(MOVE, {"new": indexes[0], "old": indexes[1:]})
        standing = read(STANDING, {"indexes": indexes})
    return bytes(standing[0].phone_index) if standing else indexes[0]
