"""What a guardian consents to for a child under 14, and how that ends (个人信息保护法 31)."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import beyond, transaction, write
from app.errors import NotFound
from app.identity.ages import CONSENTS_ALONE_FROM
from app.identity.family import queries
from app.identity.family.refusals import NotAMinor
from app.identity.family.viewing import SUBJECT, GuardianshipView, show
from app.identity.guardians import age_of
from app.identity.guardianship import State, Step, state_at, step
from app.policy import Actor
from app.privacy import audit

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


def end_consents(actor: Actor, row: Any) -> None:
    """Withdraw what the guardian consented to, in the deed that ends the guardianship."""
    _withdraw(actor, row)
    _agree_no_more(actor, row)


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
    if age is None or age < CONSENTS_ALONE_FROM:
        with beyond():
            write(UNBIND, {"ward": row.ward_resident_id})


def _agree_no_more(actor: Actor, row: Any) -> None:
    about = {"guardian": row.guardian_resident_id, "ward": row.ward_resident_id}
    with beyond():  # at a desk they are somebody else's
        ended = write(AGREED_FOR, about | {"now": clock.now()})
    for each in ended:
        facts = {"of": each.purpose, "child": str(row.ward_resident_id)}
        audit(actor.account_id, "consent-withdrawn", "account", each.account_id, **facts)
