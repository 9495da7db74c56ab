"""Who the platform takes somebody for, and what they agreed to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.areas.queries import names_of
from app.database import read, transaction, write
from app.errors import FieldFault, Invalid, Words
from app.identity import limits
from app.identity.ages import CONSENTS_ALONE_FROM
from app.identity.limits import Limit
from app.identity.numbers import masked
from app.identity.refusals import GuardianNeeded, LevelNeeded
from app.identity.register import person_of
from app.policy import Actor
from app.privacy import audit, vault
from app.sync import Event, tell
from app.sync.outward.outbox import withhold
from app.sync.reconcile.freshness import freshness_of

REALNAME_LEVEL = 2
PHONES_SAID = (Limit("share-phone-day", 5, timedelta(days=1)),)
PHONE_SHARING = "phone-sharing"

REGISTER = ("residents", "households", "addresses", "areas")
"""What must all be here for what somebody sees of themselves to be as the district has it."""

STANDING = """
SELECT r.sid, r.name_sealed, r.id_number_sealed,
  EXISTS (SELECT FROM consent c WHERE c.account_id = %(account)s AND c.purpose = %(purpose)s
    AND c.withdrawn_at IS NULL) AS shares_phone
FROM resident r WHERE r.id = %(resident)s
"""

# The lock puts what is told of an account in an order.
PERSON = """
SELECT a.phone_index, a.resident_id,
  (SELECT r.sid FROM resident r WHERE r.id = a.resident_id) AS sid
FROM account a WHERE a.id = %(account)s FOR UPDATE
"""

AGREE = """
INSERT INTO consent (account_id, purpose, given_at) VALUES (%(account)s, %(purpose)s, %(now)s)
ON CONFLICT DO NOTHING RETURNING given_at
"""

WITHDRAW = """
UPDATE consent SET withdrawn_at = %(now)s
WHERE account_id = %(account)s AND purpose = %(purpose)s AND withdrawn_at IS NULL
RETURNING given_at
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody sees of themselves: masked by default."""

    account_id: object
    level: int
    roles: list[str]
    name: str | None
    id_number: str | None
    shares_phone: bool
    areas: list[Any]
    register_as_of: datetime | None


def profile(actor: Actor) -> Profile:
    """Return the caller's own standing."""
    found = read(STANDING, _purpose(actor) | {"resident": actor.resident_id})
    name = number = None
    if found:
        row = found[0]
        name = _masked_name(vault.open("resident.name", row.sid, row.name_sealed))
        number = masked(vault.open("resident.id_number", row.sid, row.id_number_sealed))
    known = names_of(list(actor.area_path))
    return Profile(
        account_id=actor.account_id,
        level=actor.level,
        roles=sorted(actor.roles),
        name=name,
        id_number=number,
        shares_phone=bool(found) and found[0].shares_phone,
        areas=[known[code] for code in actor.area_path if code in known],
        register_as_of=freshness_of(*REGISTER),
    )


def share_phone(actor: Actor, phone: str) -> None:
    """Record that the caller agrees that the district learns the account's phone, and tell it.

    The platform keeps only an index of the phone, so the caller says it once more. Who has agreed
    already has agreed: nothing is told twice.

    Raises:
        LevelNeeded: the account is not matched to the register, so there is nobody to tell of.
        Invalid: it is not the phone of the account.
        GuardianNeeded: the caller is under 14.
        TooMany: five phones were said today.
    """
    need_level(actor, REALNAME_LEVEL)
    limits.count(f"account {actor.account_id}", *PHONES_SAID)
    with transaction():
        agree_to_sharing(actor, phone)


def stop_sharing_phone(actor: Actor) -> None:
    """Withdraw the consent and tell the district so; a phone that was not sent yet never is."""
    with transaction():
        person = write(PERSON, _purpose(actor))[0]
        now = clock.now()
        if not write(WITHDRAW, _purpose(actor) | {"now": now}):
            return
        told = {"resident_sid": person.sid, "purpose": PHONE_SHARING, "withdrawn_at": now}
        withhold(Event("phone-bound", "account", actor.account_id, told))
        tell(Event("phone-unbound", "account", actor.account_id, told))
        audit(actor.account_id, "consent-withdrawn", "account", actor.account_id, of=PHONE_SHARING)


def need_level(actor: Actor, needed: int) -> None:
    """Refuse an actor whose real-name level is too low for a matter."""
    if actor.level < needed:
        raise LevelNeeded(needed=needed)


def agree_to_sharing(actor: Actor, phone: str) -> None:
    """Record the consent and tell the district, in the deed that it belongs to.

    Raises:
        Invalid: it is not the phone of the account.
        LevelNeeded: it is nobody's of the register, so there is nobody to tell of.
        GuardianNeeded: the caller is under 14 and agrees to nothing alone (PIPL 31).
    """
    person = write(PERSON, _purpose(actor))[0]
    if person.phone_index not in vault.indexes("phone", phone):
        words = Words("与本账户绑定的手机号码不一致", "This is not the phone of this account")
        raise Invalid([FieldFault("/phone", "not-bound", words)])
    if person.sid is None:
        raise LevelNeeded(needed=REALNAME_LEVEL)
    registered = person_of(person.resident_id)
    if registered and registered.age < CONSENTS_ALONE_FROM:
        raise GuardianNeeded
    now = clock.now()
    if write(AGREE, _purpose(actor) | {"now": now}):
        about = {"resident_sid": person.sid, "purpose": PHONE_SHARING, "agreed_at": now}
        told = about | {"phone": phone}
        tell(Event("phone-bound", "account", actor.account_id, told, of=actor.account_id))
        audit(actor.account_id, "consent-given", "account", actor.account_id, to=PHONE_SHARING)


def _purpose(actor: Actor) -> dict[str, Any]:
    return {"account": actor.account_id, "purpose": PHONE_SHARING}


def _masked_name(name: str) -> str:
    return name[0] + "*" * (len(name) - 1)
