"""A password, for those who want one beside the code: set, removed and used to sign in."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app import clock
from app.database import beyond, read, transaction, write
from app.errors import FieldFault, Invalid, Words
from app.identity import limits
from app.identity.codes import CodeRefused, Purpose, spend
from app.identity.limits import Limit
from app.identity.sessions.beginning import NotLetIn, Started, begin
from app.identity.sessions.devices import end_others
from app.identity.sign_in import hashing
from app.identity.sign_in.password_rules import LONGEST, checked_password, normal_password
from app.identity.sign_in.refusals import PasswordRefused
from app.identity.sign_in.seats import SLOW
from app.policy import Actor
from app.privacy import audit, vault
from app.sms.phones import parse_phone

PER_PHONE = Limit("password-phone", 10, timedelta(minutes=5))
PER_PHONE_AND_NETWORK = Limit("password-phone-network", 5, timedelta(minutes=1))
PER_NETWORK = Limit("password-network", 100, timedelta(minutes=5))
EVERYBODY = Limit("password-everybody", 5000, timedelta(minutes=5), rows=16)
CHANGES = (Limit("password-change-day", 10, timedelta(days=1)),)

KEPT = """
SELECT a.id, a.status, p.hash FROM account a JOIN account_password p ON p.account_id = a.id
WHERE a.phone_index = ANY(%(phones)s)
"""
SET = """
INSERT INTO account_password (account_id, hash, set_at) VALUES (%(account)s, %(hash)s, %(now)s)
ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at
"""
ANEW = (
    "UPDATE account_password SET hash = %(new)s WHERE account_id = %(account)s AND hash = %(old)s"
)
REMOVE = "DELETE FROM account_password WHERE account_id = %(account)s RETURNING account_id"
OWN_PHONE = "SELECT phone_index FROM account WHERE id = %(account)s"


@beyond()
def sign_in(phone: str, password: str, device: str, address: str) -> Started:
    """Begin a session with a password.

    Known and unknown phones take the same way: the same limits, one hash, the same answer.

    Raises:
        PasswordRefused: phone and password do not belong together.
        SeatsTaken: too many passwords are being checked.
        TooMany: the phone, the network or everybody together has tried too often.
    """
    with SLOW.taken():
        return _signed_in(phone, password, device, address)


def _signed_in(phone: str, password: str, device: str, address: str) -> Started:
    network = limits.network_of(address)
    limits.count_in_turn(
        ((network, PER_NETWORK), ("", EVERYBODY)),
        ((phone, PER_PHONE), (f"{phone} {network}", PER_PHONE_AND_NETWORK)),
    )
    found = read(KEPT, {"phones": vault.indexes("phone", phone)})
    kept = bytes(found[0].hash) if found else None
    typed = normal_password(password)
    if len(typed.encode()) > LONGEST:
        typed = ""  # what no password can be costs as much as one
    if not hashing.fits(typed, kept) or kept is None:
        raise PasswordRefused
    try:
        begun = begin(found[0].id, device, "password")
    except NotLetIn as fault:
        raise PasswordRefused from fault
    if hashing.is_outdated(kept):
        _hash_anew(found[0].id, typed, kept)
    return begun


def set_password(actor: Actor, password: str, challenge: UUID, code: str) -> None:
    """Set or replace the caller's password, with a fresh code; all other sessions end.

    Raises:
        Invalid: it is too short, too long, too common, or the phone's number.
        CodeRefused, SeatsTaken, TooMany
    """
    wanted = checked_password(password)
    _refuse_own_phone(actor, wanted)
    limits.count(f"account {actor.account_id}", *CHANGES)
    new = hashing.hashed(wanted)
    _spend(actor, challenge, code)
    with transaction():
        write(SET, {"account": actor.account_id, "hash": new, "now": clock.now()})
        end_others(actor)
        audit(actor.account_id, "password-set", "account", actor.account_id)


def remove_password(actor: Actor, challenge: UUID, code: str) -> None:
    """Remove the caller's password, with a fresh code; without one there is nothing to do.

    Raises:
        CodeRefused: the code is not right.
    """
    _spend(actor, challenge, code)
    with transaction():
        if write(REMOVE, {"account": actor.account_id}):
            end_others(actor)
            audit(actor.account_id, "password-removed", "account", actor.account_id)


def _spend(actor: Actor, challenge: UUID, code: str) -> None:
    index = spend(Purpose.PASSWORD, challenge, code, actor.account_id)
    if index != _phone_index(actor):  # sent before the account moved to another phone
        raise CodeRefused


def _refuse_own_phone(actor: Actor, password: str) -> None:
    try:
        phone = parse_phone(password)
    except ValueError:
        return
    if _phone_index(actor) in vault.indexes("phone", phone):
        words = Words("密码不能是本人手机号码", "A password is not one's phone")
        raise Invalid([FieldFault("/password", "too-common", words)])


def _phone_index(actor: Actor) -> bytes | None:
    found: list[Any] = read(OWN_PHONE, {"account": actor.account_id})
    return bytes(found[0].phone_index) if found and found[0].phone_index else None


def _hash_anew(account: UUID, password: str, old: bytes) -> None:
    """Keep a password under today's settings, now that it is known; not if it was just changed."""
    about = {"account": account, "old": old, "new": hashing.hashed(password)}
    with transaction():
        write(ANEW, about)
