"""Matching somebody to the population register by what they say: name and number."""

from datetime import timedelta

from psycopg.errors import UniqueViolation

from app.database import beyond, transaction
from app.errors import NotFound
from app.identity import limits
from app.identity.limits import Limit
from app.identity.real_name import binding
from app.identity.real_name.matching import match
from app.identity.real_name.refusals import AlreadyVerified, IdentityNotMatched
from app.identity.register import read_name, read_number
from app.identity.service import REALNAME_LEVEL, agree_to_sharing
from app.policy import Actor
from app.privacy import audit

MISSES = (Limit("verify-day", 3, timedelta(days=1)),)


@beyond()
def verify(actor: Actor, name: str, id_number: str, phone_to_share: str | None = None) -> None:
    """Match the caller to the population register and so to household, grid and areas.

    Three tries a day for the account and for the number, counted before anything is looked up.
    ``phone_to_share``: the caller agrees that the district learns this phone of the account.
    Whoever comes back after a long absence proves that they are the same; if they are somebody
    else, the phone is a new account's from now on, and they sign in again.

    Raises:
        AlreadyVerified: the account is matched.
        Invalid: the number or the name cannot be one, or the phone is not the account's.
        IdentityNotMatched: whatever else is wrong; the answer tells nothing about who exists.
        GuardianNeeded: the person is a child under 14.
        TooMany: three tries were made today.
    """
    if actor.level >= REALNAME_LEVEL:
        raise AlreadyVerified
    number, wanted = read_number(id_number), read_name(name)
    limits.count(f"account {actor.account_id}", *MISSES)
    limits.count(f"number {number}", *MISSES)
    try:
        with transaction():
            _prove(actor, number, wanted, phone_to_share)
    except UniqueViolation as fault:  # another account took the person at this very moment
        raise IdentityNotMatched from fault


def start_afresh(actor: Actor) -> None:
    """Say that one is not the person who had this phone: a new account, and sign in again.

    Raises:
        NotFound: the account is not suspended.
    """
    if not actor.suspended:
        raise NotFound
    with transaction(), beyond():  # the new account is somebody else's
        binding.hand_over_phone(actor)


def _prove(actor: Actor, number: str, name: str, phone_to_share: str | None) -> None:
    found = match(number, name)
    if found.holder not in (None, actor.account_id):
        raise IdentityNotMatched
    if actor.suspended:
        if not binding.lift(actor.account_id, found.resident_id):
            binding.hand_over_phone(actor, found.resident_id)
        return
    binding.bind(actor.account_id, found.resident_id)
    audit(actor.account_id, "verify", "resident", found.resident_id)
    if phone_to_share is not None:
        agree_to_sharing(actor, phone_to_share)
