"""Whether a name and a number are those of one person of the register who may take an account.

Every answer but "yes" takes the same way: one query, one name opened, one comparison. So neither
the words nor the time tell whether a number exists, bears another name, or is taken.
"""

import hmac
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from app import clock
from app.database import beyond, read
from app.identity.ages import CONSENTS_ALONE_FROM
from app.identity.guardians import guardian_agreed
from app.identity.numbers import age_on, parse_number
from app.identity.real_name.refusals import IdentityNotMatched
from app.identity.refusals import GuardianNeeded
from app.privacy import vault

CANDIDATES = """
SELECT r.id, r.sid, r.name_sealed,
  (SELECT a.id FROM account a WHERE a.resident_id = r.id) AS holder
FROM resident r WHERE r.id_number_index = ANY(%(indexes)s) LIMIT 2
"""
NOBODY = "nobody"  # whose name is opened when there is none to open


@dataclass(frozen=True, slots=True)
class Match:
    """A person of the register, and the account that is theirs already, if one is."""

    resident_id: UUID
    holder: UUID | None


def match(number: str, name: str) -> Match:
    """Return the one person with this number and this name.

    Raises:
        IdentityNotMatched: whatever is wrong.
        GuardianNeeded: it is a child under 14 for whom no guardian has consented; only who has
            name and number right is told.
    """
    found = read(CANDIDATES, {"indexes": vault.indexes("id_number", number)})
    row: Any = found[0] if len(found) == 1 else None
    sid, sealed = (row.sid, bytes(row.name_sealed)) if row else (NOBODY, _nobodys_name())
    same = hmac.compare_digest(vault.open("resident.name", sid, sealed).encode(), name.encode())
    if row is None or not same:
        raise IdentityNotMatched
    need_guardians_word(row.id, parse_number(number, clock.today()).born)
    return Match(row.id, row.holder)


def need_guardians_word(resident_id: UUID | None, born: date) -> None:
    """Refuse to bind a child under 14 for whom no guardian has consented (PIPL 31).

    Whatever proves who the child is: the register, a desk or a network identity. A child who is
    not of the register (None) has no guardian here who could.

    Raises:
        GuardianNeeded
    """
    if age_on(born, clock.today()) >= CONSENTS_ALONE_FROM:
        return
    with beyond():  # whose guardian somebody is, is not for who asks to see
        if resident_id is None or not guardian_agreed(resident_id):
            raise GuardianNeeded


@lru_cache(maxsize=1)
def _nobodys_name() -> bytes:
    return vault.seal("resident.name", NOBODY, "没有这个人")
