"""Showing one field of one person to staff who need it: with a reason, counted, written down.

Everything is masked by default. There is no list and no search here: whoever asks names a row that
is in their sight, and one field; the answer is one value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import read, transaction
from app.errors import NotFound, Words
from app.feature import Feature, PersonOf
from app.identity import limits
from app.identity.limits import Limit
from app.policy import Actor, Role
from app.privacy import audit, vault
from app.rights.agreed import need_agreement_of
from app.rights.models import Reveal
from app.rights.refusals import FieldNotForRole

A_DAY = (Limit("reveal-day", 30, timedelta(days=1)),)
WORDS = "reveal.words"

FIELDS = {
    "name": frozenset(
        {Role.GRID_WORKER, Role.DESK_CLERK, Role.DEPARTMENT_HANDLER, Role.DISTRICT_STAFF}
    ),
    "phone": frozenset({Role.GRID_WORKER, Role.DESK_CLERK, Role.DEPARTMENT_HANDLER}),
    "address": frozenset({Role.GRID_WORKER, Role.DESK_CLERK}),
    "id_number": frozenset({Role.DESK_CLERK}),
}
"""Which role may see which field of a person in its sight (最小必要, PIPL 6)."""

REASONS = {
    "visit": Words("上门办理", "to visit them"),
    "call-back": Words("电话联系", "to call them"),
    "identity-check": Words("当面核验身份", "to check who they are, in person"),
    "emergency": Words("紧急情况", "an emergency"),
    "correction": Words("数据校核", "to correct their record"),
    "form": Words("代填表单", "to fill in a form for them"),
}

BY_DUTY = {"id_number": frozenset({"identity-check", "emergency", "correction"})}
"""For which reasons a field is shown by duty (PIPL 13(1)(3), (4)); of a field that stands here any
other reason wants the consent of the person (PIPL 29)."""

PERSON = """
SELECT r.sid, r.name_sealed, r.id_number_sealed, h.address_sid,
  (SELECT m.phone_sealed FROM src_residents m
   WHERE m.sid = r.sid AND m.deleted_at IS NULL LIMIT 1) AS phone_sealed,
  (SELECT w.text_sealed FROM src_addresses w
   WHERE w.sid = h.address_sid AND w.deleted_at IS NULL LIMIT 1) AS address_sealed
FROM resident r LEFT JOIN household h ON h.sid = r.household_sid WHERE r.id = %(id)s
"""
IN_AREA = """
SELECT r.id FROM resident r JOIN household h ON h.sid = r.household_sid
JOIN address ad ON ad.sid = h.address_sid JOIN area ar ON ar.code = ad.grid_code
WHERE r.id = %(id)s AND ar.path && %(areas)s::text[]
"""


@dataclass(frozen=True, slots=True)
class Revealed:
    """One value of one person."""

    id: UUID
    field: str
    value: str | None


def resident_in_sight(actor: Actor, key: UUID) -> UUID | None:
    """Return a resident who lives in an area that the actor works for."""
    areas = actor.areas_as(Role.GRID_WORKER, Role.DESK_CLERK, Role.DISTRICT_STAFF)
    found = read(IN_AREA, {"id": key, "areas": list(areas)})
    return found[0].id if found else None


def reveal(
    actor: Actor,
    features: Sequence[Feature],
    kind: str,
    key: UUID,
    field: str,
    reason: str,
    words: str,
) -> Revealed:
    """Show one field of the person whom a row is about, and write down who saw it and why.

    Raises:
        FieldNotForRole: none of the actor's roles may see the field.
        NotAgreed: for that reason it wants the person's consent, and they gave none.
        NotFound: the row is out of sight, or about nobody of the register.
        TooMany: thirty fields were shown today.
    """
    roles = _roles(actor, field)
    limits.count(f"account {actor.account_id}", *A_DAY)
    resident, role = _in_sight(actor, _person_of(features, kind), key, roles)
    rows = read(PERSON, {"id": resident})
    if not rows:
        raise NotFound
    if reason not in BY_DUTY.get(field, REASONS):
        need_agreement_of(resident, "identity-number")
    shown = uuids.uuid7()
    with transaction() as session:
        session.add(
            Reveal(
                id=shown,
                at=clock.now(),
                by_account=actor.account_id,
                role=str(role),
                resident_id=resident,
                kind=kind,
                row_id=key,
                field=field,
                reason=reason,
                words_sealed=vault.seal(WORDS, shown, words),
            )
        )
        facts = {"field": field, "reason": reason, "kind": kind, "row": str(key)}
        audit(actor.account_id, "reveal", "resident", resident, **facts)
    return Revealed(shown, field, _value(rows[0], field))


def _roles(actor: Actor, field: str) -> list[Role]:
    roles = sorted(actor.roles & FIELDS[field])
    if not roles:
        raise FieldNotForRole(field=field)
    return roles


def _in_sight(
    actor: Actor, person_of: PersonOf, key: UUID, roles: Sequence[Role]
) -> tuple[UUID, Role]:
    """Return whom a row is about that is in sight, and the role by which it is shown.

    A role counts where it was given: a desk in one area shows no number of another area, in which
    the same person is a grid worker. All grants are asked first, for some keep a case from sight.
    """
    if person_of(actor, key):
        for role in roles:
            alone = tuple(grant for grant in actor.grants if grant.role == role)
            if found := person_of(replace(actor, grants=alone), key):
                return found, role
    raise NotFound


def _person_of(features: Sequence[Feature], kind: str) -> PersonOf:
    for feature in features:
        if kind in feature.persons:
            return feature.persons[kind]
    raise NotFound


def _value(row: Any, field: str) -> str | None:
    sealed = {
        "name": ("resident.name", row.sid, row.name_sealed),
        "id_number": ("resident.id_number", row.sid, row.id_number_sealed),
        "phone": ("resident.phone", row.sid, row.phone_sealed),
        "address": ("address.text", row.address_sid, row.address_sealed),
    }
    return vault.opened(*sealed[field])
