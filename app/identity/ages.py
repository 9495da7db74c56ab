"""Classes of age: the only thing about somebody's age that stands in plain.

Each is a table row with its basis. When the class changes next is kept as a keyed index of the
day, so that whose birthday it is can be found, and nobody's birthday can be read.
"""

from datetime import date
from enum import StrEnum


class AgeClass(StrEnum):
    """How old somebody is, coarsely. ``UNKNOWN``: the number could not be opened."""

    CHILD = "child"
    MINOR = "minor"
    ADULT = "adult"
    ELDER = "elder"
    UNKNOWN = "unknown"


CONSENTS_ALONE_FROM = 14
"""Full years from which somebody consents for themselves (个人信息保护法 art. 28, 31)."""
OF_AGE_FROM = 18
"""Full years from which nobody has a guardian for being young (民法典 art. 17)."""

BEGINS = (
    (60, AgeClass.ELDER),  # 老年人权益保障法 art. 2
    (OF_AGE_FROM, AgeClass.ADULT),
    (CONSENTS_ALONE_FROM, AgeClass.MINOR),
    (0, AgeClass.CHILD),
)


def class_of(years: int) -> AgeClass:
    """Return the class of somebody of so many full years."""
    return next(each for begins, each in BEGINS if years >= begins)


def next_turn(born: date, day: date) -> date | None:
    """Return the next day after ``day`` on which the class changes, or None for an elder.

    Who was born on 29 February grows older on 1 March of a common year.
    """
    turns = (_birthday(born, begins) for begins, _ in reversed(BEGINS))
    return next((turn for turn in turns if turn > day), None)


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
