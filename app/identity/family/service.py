"""Guardians: asking to be one, and ceasing to be."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg.errors import UniqueViolation

from app import clock
from app.database import transaction, write
from app.errors import NotFound, Stale
from app.identity import limits
from app.identity.ages import OF_AGE_FROM
from app.identity.family.consenting import end_consents
from app.identity.family.refusals import GuardianshipOpen, NotAMinor
from app.identity.family.viewing import SUBJECT, GuardianshipView, find, show
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
from app.privacy import audit

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
        end_consents(actor, row)
        return show(actor, guardianship_id)


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
