"""Agreeing, for oneself or for a child, and taking it back as easily."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app import clock
from app.database import read, transaction, write
from app.errors import FieldFault, Invalid, Words
from app.identity import service as identity
from app.identity.ages import CONSENTS_ALONE_FROM
from app.identity.guardians import wards_of
from app.identity.refusals import GuardianNeeded
from app.identity.register import person_of
from app.policy import Actor
from app.privacy import audit
from app.rights.purposes import PURPOSES, Purpose, purpose_of
from app.rights.refusals import ChildNeeded, GuardianOnly
from app.sms.phones import parse_phone

NOT_A_PHONE = Words("不是有效的手机号码", "This is not a mainland mobile number")
NOT_OF_A_CHILD = Words("该用途不涉及儿童", "This purpose concerns no child")

STANDING = """
SELECT purpose, child_id, given_at, edition FROM consent
WHERE account_id = %(account)s AND withdrawn_at IS NULL LIMIT 200
"""
OUTDATED = """
UPDATE consent SET withdrawn_at = %(now)s
WHERE account_id = %(account)s AND purpose = %(purpose)s AND withdrawn_at IS NULL
  AND child_id IS NOT DISTINCT FROM %(child)s AND edition < %(edition)s
"""
GIVE = """
INSERT INTO consent (account_id, purpose, given_at, child_id, edition)
VALUES (%(account)s, %(purpose)s, %(now)s, %(child)s, %(edition)s)
ON CONFLICT DO NOTHING RETURNING 1
"""
WITHDRAW = """
UPDATE consent SET withdrawn_at = %(now)s
WHERE account_id = %(account)s AND purpose = %(purpose)s AND withdrawn_at IS NULL
  AND child_id IS NOT DISTINCT FROM %(child)s RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A purpose, and since when somebody agrees to it, for themselves or for a child."""

    purpose: Purpose
    child: UUID | None
    given_at: datetime | None
    edition: int | None


def listed(actor: Actor) -> list[Agreement]:
    """Return every purpose with what the caller says to it, and those of each of their children."""
    standing = {
        (row.purpose, row.child_id): row for row in read(STANDING, {"account": actor.account_id})
    }
    agreements = []
    children = children_of(actor)
    for purpose in PURPOSES.values():
        for child in children if purpose.of_children else (None,):
            row: Any = standing.get((purpose.code, child))
            given = (row.given_at, row.edition) if row else (None, None)
            agreements.append(Agreement(purpose, child, *given))
    return agreements


def children_of(actor: Actor) -> tuple[UUID, ...]:
    """Return the children under 14 whose guardian the caller is."""
    return tuple(w.resident_id for w in wards_of(actor) if w.age < CONSENTS_ALONE_FROM)


def give(actor: Actor, code: str, phone: str | None, child: UUID | None) -> None:
    """Agree to a purpose; whoever has agreed already to these words has agreed.

    Raises:
        NotFound: there is no such purpose.
        GuardianNeeded: the caller is under 14 and agrees to nothing alone.
        ChildNeeded, GuardianOnly: it is about a child, and not said which, or not the caller's.
        Invalid, LevelNeeded, TooMany: as for sharing the phone.
    """
    purpose = _checked(actor, code, child)
    if code == identity.PHONE_SHARING:
        identity.share_phone(actor, _phone(phone))
        return
    about = _about(actor, purpose, child)
    with transaction():
        about["edition"] = purpose.edition
        write(OUTDATED, about)
        if write(GIVE, about):
            audit(actor.account_id, "consent-given", "account", actor.account_id, **_facts(about))


def withdraw(actor: Actor, code: str, child: UUID | None) -> None:
    """Take an agreement back; without one there is nothing to do.

    Raises:
        NotFound: there is no such purpose.
    """
    purpose = purpose_of(code)
    if code == identity.PHONE_SHARING:
        identity.stop_sharing_phone(actor)
        return
    about = _about(actor, purpose, child)
    with transaction():
        if write(WITHDRAW, about):
            facts = _facts(about)
            audit(actor.account_id, "consent-withdrawn", "account", actor.account_id, **facts)


def _checked(actor: Actor, code: str, child: UUID | None) -> Purpose:
    purpose = purpose_of(code)
    me = person_of(actor.resident_id)
    if me and me.age < CONSENTS_ALONE_FROM:
        raise GuardianNeeded
    if child and not purpose.of_children:
        raise Invalid([FieldFault("/child", "unknown", NOT_OF_A_CHILD)])
    if purpose.of_children and child is None:
        raise ChildNeeded
    if child and child not in children_of(actor):
        raise GuardianOnly
    return purpose


def _phone(text: str | None) -> str:
    try:
        return parse_phone(text or "")
    except ValueError as fault:
        raise Invalid([FieldFault("/phone", "phone", NOT_A_PHONE)]) from fault


def _about(actor: Actor, purpose: Purpose, child: UUID | None) -> dict[str, Any]:
    return {
        "account": actor.account_id,
        "purpose": purpose.code,
        "child": child,
        "now": clock.now(),
    }


def _facts(about: dict[str, Any]) -> dict[str, object]:
    return {"to": about["purpose"], "child": about["child"] and str(about["child"])}
