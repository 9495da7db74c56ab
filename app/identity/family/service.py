"""Guardians: asking to be one, and what one consents to for a child."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg.errors import UniqueViolation

from app import clock
from app.database import Page, beyond, transaction, write
from app.errors import NotFound, Stale
from app.identity import limits
from app.identity.ages import CONSENTS_ALONE_FROM, OF_AGE_FROM
from app.identity.family import queries
from app.identity.family.refusals import GuardianshipOpen, NotAMinor
from app.identity.guardians import age_of
from app.identity.guardianship import (
    Basis,
    State,
    Step,
    is_clear,
    state_at,
    step,
)
from app.identity.limits import Limit
from app.identity.real_name.refusals import IdentityNotMatched
from app.identity.refusals import AdultsOnly
from app.identity.register import Registered, person_of, person_on, read_name, read_number
from app.identity.service import REALNAME_LEVEL, need_level
from app.policy import Actor
from app.privacy import audit, vault

SUBJECT = "guardianship"
BY_GUARDIAN = (Limit("guardian-day", 5, timedelta(days=1)),)
OF_NUMBER = (Limit("ward-number-day", 3, timedelta(days=1)),)

ASK = """
INSERT INTO guardianship (id, guardian_resident_id, ward_resident_id, basis, state, asked_at,
  begun_at)
VALUES (%(id)s, %(guardian)s, %(ward)s, %(basis)s, %(state)s, %(now)s, %(begun)s)
"""
END = """
UPDATE guardianship SET state = %(to)s, version = version + 1, ended_by = %(by)s,
  ended_at = %(now)s WHERE id = %(id)s AND version = %(seen)s RETURNING 1
"""
CONSENT = """
INSERT INTO guardian_consent (guardianship_id, given_at) VALUES (%(id)s, %(now)s)
ON CONFLICT DO NOTHING RETURNING 1
"""
WITHDRAW = """
UPDATE guardian_consent SET withdrawn_at = %(now)s
WHERE guardianship_id = %(id)s AND withdrawn_at IS NULL RETURNING 1
"""

# What they agreed to for the child is theirs to agree to no more.
AGREED_FOR = """
UPDATE consent c SET withdrawn_at = %(now)s FROM account a
WHERE a.resident_id = %(guardian)s AND c.account_id = a.id AND c.child_id = %(ward)s
  AND c.withdrawn_at IS NULL RETURNING c.account_id, c.purpose
"""

# Without the consent the child's account is nobody's by name again; it stays, at its phone.
UNBIND = """
UPDATE account SET resident_id = NULL, level = 1 WHERE resident_id = %(ward)s RETURNING id
"""


@dataclass(frozen=True, slots=True)
class GuardianshipView:
    """A guardianship as one of its two or a desk sees it, names masked."""

    row: Any
    state: State
    guardian_name: str | None
    ward_name: str | None


def ask(actor: Actor, name: str, id_number: str) -> UUID:
    """Ask to act as the guardian of a minor of the register.

    It stands at once where the register shows a parent; else two members of staff must confirm it.

    Raises:
        LevelNeeded: the caller is not matched to the register.
        Invalid: the number or the name cannot be one.
        IdentityNotMatched: whatever else is wrong with them.
        NotAMinor, AdultsOnly, GuardianshipOpen, TooMany
    """
    need_level(actor, REALNAME_LEVEL)
    number, called = read_number(id_number), read_name(name)
    limits.count(f"account {actor.account_id}", *BY_GUARDIAN)
    limits.count(f"number {number}", *OF_NUMBER)
    with transaction():
        ward, guardian = person_on(number, called), person_of(actor.resident_id)
        if ward is None or guardian is None or ward.id == guardian.id:
            raise IdentityNotMatched
        if guardian.age < OF_AGE_FROM:
            raise AdultsOnly
        if ward.age >= OF_AGE_FROM:
            raise NotAMinor
        return _write(actor, guardian, ward)


def end(actor: Actor, guardianship_id: UUID, seen: int) -> GuardianshipView:
    """End a guardianship, as the guardian or at a desk: nobody gains by it. Consents end with it.

    Raises:
        NotFound, Stale, GuardianshipStepRefused
    """
    with transaction():
        row = find(actor, guardianship_id)
        if row.ward_resident_id == actor.resident_id:
            raise NotFound  # a ward does not dismiss the guardian
        finish(actor, row, Step.END, seen)
        _withdraw(actor, row)
        _agree_no_more(actor, row)
        return show(actor, guardianship_id)


def consent(actor: Actor, guardianship_id: UUID) -> GuardianshipView:
    """Consent that the child, being under 14, has an account of their own. Again changes nothing.

    Raises:
        NotFound: the caller is not the guardian.
        GuardianshipStepRefused: the guardianship does not stand.
        NotAMinor: the child is 14 and consents alone.
    """
    with transaction():
        row, age = _as_guardian(actor, guardianship_id)
        if state_at(row, age) != State.STANDING:
            step(state_at(row, age), Step.CONFIRM)
            raise NotFound
        if age is None or age >= CONSENTS_ALONE_FROM:
            raise NotAMinor
        if write(CONSENT, {"id": guardianship_id, "now": clock.now()}):
            audit(actor.account_id, "guardian-consented", SUBJECT, guardianship_id)
        return show(actor, guardianship_id)


def withdraw(actor: Actor, guardianship_id: UUID) -> None:
    """Withdraw the consent; the child's account loses its name at once.

    Raises:
        NotFound: the caller is not the guardian.
    """
    with transaction():
        row, _ = _as_guardian(actor, guardianship_id)
        _withdraw(actor, row)


def show(actor: Actor, guardianship_id: UUID) -> GuardianshipView:
    """Return a guardianship in the actor's sight.

    Raises:
        NotFound: there is none.
    """
    return viewed(find(actor, guardianship_id))


def listed(actor: Actor, side: str, cursor: str | None, limit: int) -> Page[GuardianshipView]:
    """Return the actor's guardianships as ``guardian`` or ``ward``, the newest first."""
    page = queries.listed(actor, side, cursor, limit)
    return Page([viewed(row) for row in page.items], page.next)


def find(actor: Actor, guardianship_id: UUID) -> Any:
    """Return the row of a guardianship in the actor's sight.

    Raises:
        NotFound: there is none.
    """
    row = queries.one(actor, guardianship_id)
    if row is None:
        raise NotFound
    return row


def finish(actor: Actor, row: Any, wanted: Step, seen: int) -> None:
    """Take a step that ends a guardianship or what was asked.

    Raises:
        Stale, GuardianshipStepRefused
    """
    target = step(state_at(row, age_of(row)), wanted)
    about = {"id": row.id, "to": target, "by": actor.account_id, "now": clock.now(), "seen": seen}
    if row.version != seen or not write(END, about):
        raise Stale
    audit(actor.account_id, f"guardianship-{wanted}", SUBJECT, row.id)


def viewed(row: Any) -> GuardianshipView:
    """Return what is shown of a guardianship."""
    names = (_masked(row.guardian_sid, row.guardian_name), _masked(row.ward_sid, row.ward_name))
    return GuardianshipView(row, state_at(row, age_of(row)), *names)


def _write(actor: Actor, guardian: Registered, ward: Registered) -> UUID:
    together = guardian.household_sid == ward.household_sid
    clear = is_clear(guardian.relation, ward.relation, together)
    key, now = uuids.uuid7(), clock.now()
    about = {"id": key, "guardian": guardian.id, "ward": ward.id, "now": now}
    about |= {"basis": Basis.REGISTER if clear else Basis.DESK}
    about |= {"state": State.STANDING if clear else State.ASKED, "begun": now if clear else None}
    try:
        write(ASK, about)
    except UniqueViolation as fault:
        raise GuardianshipOpen from fault
    audit(actor.account_id, "guardianship-asked", SUBJECT, key, basis=about["basis"], ward=ward.id)
    return key


def _as_guardian(actor: Actor, guardianship_id: UUID) -> tuple[Any, int | None]:
    row = queries.held(actor, guardianship_id)
    if row is None:
        raise NotFound
    return row, age_of(row)


def _withdraw(actor: Actor, row: Any) -> None:
    if not write(WITHDRAW, {"id": row.id, "now": clock.now()}):
        return
    audit(actor.account_id, "guardian-withdrew", SUBJECT, row.id)
    age = age_of(row)
    if age is not None and age < CONSENTS_ALONE_FROM:
        with beyond():
            write(UNBIND, {"ward": row.ward_resident_id})


def _agree_no_more(actor: Actor, row: Any) -> None:
    about = {"guardian": row.guardian_resident_id, "ward": row.ward_resident_id}
    with beyond():  # at a desk they are somebody else's
        ended = write(AGREED_FOR, about | {"now": clock.now()})
    for each in ended:
        facts = {"of": each.purpose, "child": str(row.ward_resident_id)}
        audit(actor.account_id, "consent-withdrawn", "account", each.account_id, **facts)


def _masked(sid: str | None, sealed: bytes | None) -> str | None:
    if sid is None or sealed is None:
        return None
    name = vault.open("resident.name", sid, sealed)
    return name[0] + "*" * (len(name) - 1)
