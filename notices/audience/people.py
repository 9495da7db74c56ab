"""Which of the people at a place: bits in a target, and SQL that reads them off the registers."""

from collections.abc import Iterable
from enum import IntFlag

from app.policy import Role


class People(IntFlag):
    """Kinds of people. A resident is several of them at once."""

    ALL = 1
    OWNERS = 2
    TENANTS = 4
    ELDERS = 8
    GUARDIANS_OF_CHILDREN = 16
    GUARDIANS_OF_MINORS = 32
    WORKERS = 64
    ENTERPRISES = 128
    HOLDERS = 256

    @property
    def word(self) -> str:
        """Return the name of one kind on the wire."""
        return str(self.name).lower()


WORDS = tuple(people.word for people in People if people is not People.HOLDERS)
"""What a caller may name; holders are named by their matters."""

OFFICES = People.WORKERS | People.ENTERPRISES
"""Who is meant for what they do in an area, and not for living in it."""

WORKING = (Role.GRID_WORKER, Role.DESK_CLERK)
"""Who works on the ground, in an area of their own."""

OF_RESIDENT = """
(1
 | CASE h.tenure WHEN 'owner' THEN 2 WHEN 'tenant' THEN 4 ELSE 0 END
 | CASE WHEN r.age_class = 'elder' THEN 8 ELSE 0 END
 | CASE WHEN r.relation IN ('head', 'spouse') THEN coalesce((
     SELECT bit_or(CASE c.age_class WHEN 'child' THEN 48 WHEN 'minor' THEN 32 ELSE 0 END)
     FROM resident c WHERE c.household_sid = r.household_sid AND c.relation = 'child'), 0)
   ELSE 0 END)
"""
"""SQL over ``r`` (resident) and ``h`` (household): what somebody is, as bits.

Told as a guardian is whoever heads a household, or is the spouse, in which a child is under 14 or
18: who cares for it day by day. Who may act for it is another rule (app/identity/guardians.py). Who
acts for an enterprise has its bit where the enterprise is.
"""

HOLDS = """
EXISTS (SELECT FROM matter_holder mh
        WHERE mh.account_id = {account} AND mh.matter_code = ANY({matters}))
"""
"""SQL: the account has filed a case of one of the matters. The view is community's to fill."""


def bits(words: Iterable[str], matters: Iterable[str]) -> People:
    """Return the bits of what a caller named."""
    found = People(0)
    for word in words:
        found |= People[word.upper()]
    return found | People.HOLDERS if list(matters) else found


def words_of(people: People) -> list[str]:
    """Return the names of the kinds that somebody is."""
    return [kind.word for kind in people]
