"""Whose guardian somebody is: asked here by all, anew on every request, of the state as it is now.

A guardian is the one of a standing guardianship (民法典 27, 34), and nobody by living in a
household: a step-parent shows papers at a desk, and what has ended or is unclear counts for nothing
from then on. For a child under 14 it is the guardian who consents (个人信息保护法 31).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import clock
from app.database import read
from app.identity.guardianship import State, state_at
from app.identity.numbers import age_on, parse_number
from app.policy import Actor
from app.privacy import SealBroken, vault

# Both are looked up in the register each time: what it shows now is what counts now.
ROWS = """
SELECT p.id, p.guardian_resident_id, p.ward_resident_id, p.basis, p.state, p.version, p.asked_at,
  p.desk_first_by, p.begun_at, p.ended_at,
  g.id IS NOT NULL AND w.id IS NOT NULL AS both_here,
  coalesce(g.household_sid = w.household_sid, false) AS same_household,
  coalesce(g.relation, '') AS guardian_relation, coalesce(w.relation, '') AS ward_relation,
  g.sid AS guardian_sid, g.name_sealed AS guardian_name, w.sid AS ward_sid,
  w.name_sealed AS ward_name, w.id_number_sealed AS ward_number,
  h.id AS household_id, ar.path AS home_path,
  (SELECT a.id FROM account a WHERE a.resident_id = w.id) AS ward_account_id,
  EXISTS (SELECT FROM guardian_consent c
    WHERE c.guardianship_id = p.id AND c.withdrawn_at IS NULL) AS consented
FROM guardianship p
LEFT JOIN resident g ON g.id = p.guardian_resident_id
LEFT JOIN resident w ON w.id = p.ward_resident_id
LEFT JOIN household h ON h.sid = w.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN area ar ON ar.code = ad.grid_code
"""
WARDS = f"""{ROWS}
WHERE p.guardian_resident_id = %(guardian)s AND p.state = 'standing' ORDER BY p.id LIMIT 50
"""
GUARDIANS = f"""{ROWS}
WHERE p.ward_resident_id = %(ward)s AND p.state = 'standing' ORDER BY p.id LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class Ward:
    """A minor whose guardian somebody is at this moment."""

    resident_id: UUID
    age: int


def wards_of(actor: Actor) -> tuple[Ward, ...]:
    """Return the minors whose guardian the actor is."""
    rows = read(WARDS, {"guardian": actor.resident_id}) if actor.resident_id else []
    return tuple(Ward(row.ward_resident_id, age) for row, age in _standing(rows))


def guards(actor: Actor, child: UUID) -> bool:
    """Tell whether the actor is this minor's guardian."""
    return any(ward.resident_id == child for ward in wards_of(actor))


def guardian_agreed(child: UUID) -> bool:
    """Tell whether one who is a guardian now consented that the child has an account (PIPL 31)."""
    return any(row.consented for row, _ in _standing(read(GUARDIANS, {"ward": child})))


def age_of(row: Any) -> int | None:
    """Return the ward's full years today, or None: who has left the register, or is unreadable."""
    if row.ward_sid is None:
        return None
    today = clock.today()
    try:
        number = vault.open("resident.id_number", row.ward_sid, row.ward_number)
    except SealBroken:  # whose key is not here is of no age, and nobody acts for them meanwhile
        return None
    return age_on(parse_number(number, today).born, today)


def _standing(rows: list[Any]) -> list[tuple[Any, int]]:
    aged = ((row, age_of(row)) for row in rows)
    return [
        (row, age) for row, age in aged if age is not None and state_at(row, age) == State.STANDING
    ]
