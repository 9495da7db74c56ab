"""Finding one person of the population register by what stands on their card.

That is an oracle, so it is guarded: whoever asks counts the try first (app/identity/limits.py) and
gives the same answer whatever is wrong.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app import clock
from app.database import beyond, read
from app.errors import FieldFault, Invalid, Words
from app.identity.numbers import age_on, normal_name, parse_number
from app.privacy import vault

BY_NUMBER = """
SELECT id, sid, name_sealed, household_sid, relation FROM resident
WHERE id_number_index = ANY(%(indexes)s) LIMIT 2
"""
BY_ID = """
SELECT id, sid, name_sealed, id_number_sealed, household_sid, relation FROM resident
WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class Registered:
    """A person as the register has them; the name stays out of ``repr``."""

    id: UUID
    sid: str
    household_sid: str
    relation: str
    age: int
    name: str = field(repr=False)


def read_number(text: str, pointer: str = "/id_number") -> str:
    """Return a resident number as it is kept.

    Raises:
        Invalid: it cannot be one.
    """
    try:
        return parse_number(text, clock.today()).number
    except ValueError as fault:
        words = Words("身份证号码不正确", "This is not a resident number")
        raise Invalid([FieldFault(pointer, "id-number", words)]) from fault


def read_name(text: str, pointer: str = "/name") -> str:
    """Return a name as it is kept.

    Raises:
        Invalid: it cannot be one.
    """
    try:
        return normal_name(text)
    except ValueError as fault:
        words = Words("姓名格式不正确", "This cannot be a name")
        raise Invalid([FieldFault(pointer, "name", words)]) from fault


def person_on(number: str, name: str | None = None) -> Registered | None:
    """Return the one person with this number (and name), or None, whatever is wrong."""
    with beyond():
        found = read(BY_NUMBER, {"indexes": vault.indexes("id_number", number)})
    if len(found) != 1:
        return None
    person = _opened(found[0], number)
    return person if name is None or person.name == name else None


def person_of(resident_id: UUID | None) -> Registered | None:
    """Return the person with this id, if the register still has them."""
    found = read(BY_ID, {"id": resident_id})
    if not found:
        return None
    row = found[0]
    return _opened(row, vault.open("resident.id_number", row.sid, row.id_number_sealed))


def _opened(row: Any, number: str) -> Registered:
    today = clock.today()
    return Registered(
        id=row.id,
        sid=row.sid,
        household_sid=row.household_sid,
        relation=row.relation,
        age=age_on(parse_number(number, today).born, today),
        name=vault.open("resident.name", row.sid, row.name_sealed),
    )
