"""What two members of staff confirm at a desk: that somebody is a child's guardian."""

from datetime import timedelta
from uuid import UUID

from app import clock
from app.database import transaction, write
from app.errors import NotFound, Stale
from app.identity import limits
from app.identity.family.policy import may_sign
from app.identity.family.refusals import TwoClerksNeeded
from app.identity.family.service import finish
from app.identity.family.viewing import SUBJECT, GuardianshipView, find, show
from app.identity.guardians import age_of
from app.identity.guardianship import Step, state_at, step
from app.identity.limits import Limit
from app.identity.real_name.refusals import IdentityNotMatched
from app.identity.register import person_on, read_number
from app.policy import Actor
from app.privacy import audit

CARDS = (Limit("guardian-card-day", 5, timedelta(days=1)),)

FIRST = """
UPDATE guardianship SET desk_first_by = %(by)s, version = version + 1
WHERE id = %(id)s AND version = %(seen)s RETURNING 1
"""
SECOND = """
UPDATE guardianship SET desk_second_by = %(by)s, state = 'standing', basis = 'desk',
  begun_at = %(now)s, version = version + 1
WHERE id = %(id)s AND version = %(seen)s RETURNING 1
"""


def confirm(actor: Actor, guardianship_id: UUID, id_number: str, seen: int) -> GuardianshipView:
    """Confirm from papers shown at a desk; each of two members of staff reads the child's number.

    Raises:
        NotFound: it is not of the caller's desk.
        TwoClerksNeeded: the caller has signed already, or is a party.
        IdentityNotMatched: it is not the child's number.
        Stale, GuardianshipStepRefused, TooMany
    """
    row = find(actor, guardianship_id)
    if not may_sign(actor, row):
        raise NotFound
    parties = (row.guardian_resident_id, row.ward_resident_id)
    if actor.resident_id in parties or row.desk_first_by == actor.account_id:
        raise TwoClerksNeeded
    step(state_at(row, age_of(row)), Step.CONFIRM)
    number = read_number(id_number)
    limits.count(f"guardianship {guardianship_id}", *CARDS)
    with transaction():
        child = person_on(number)
        if child is None or child.id != row.ward_resident_id:
            raise IdentityNotMatched
        about = {"id": row.id, "by": actor.account_id, "now": clock.now(), "seen": seen}
        first = row.desk_first_by is None
        if row.version != seen or not write(FIRST if first else SECOND, about):
            raise Stale
        deed = "guardianship-signed-first" if first else "guardianship-confirm"
        audit(actor.account_id, deed, SUBJECT, row.id)
        return show(actor, guardianship_id)


def refuse(actor: Actor, guardianship_id: UUID, seen: int) -> GuardianshipView:
    """Say no at a desk to what was asked.

    Raises:
        NotFound: it is not of the caller's desk.
        Stale, GuardianshipStepRefused
    """
    with transaction():
        row = find(actor, guardianship_id)
        if not may_sign(actor, row):
            raise NotFound
        finish(actor, row, Step.REFUSE, seen)
        return show(actor, guardianship_id)
