"""Makes up families: who lives together, how old they are and what they are to the head."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sample.names import given_name, surname
from sample.streams import GENERATION

TODAY = date.fromisoformat(GENERATION)
OLDEST = 100

_SHAPES: tuple[tuple[str, ...], ...] = (
    (),
    (),
    ("spouse",),
    ("spouse",),
    ("child",),
    ("other",),
    ("spouse", "child"),
    ("spouse", "child"),
    ("spouse", "child"),
    ("spouse", "parent"),
    ("spouse", "child", "child"),
    ("spouse", "child", "parent"),
    ("spouse", "child", "child", "parent"),
)
"""Who lives with the head; each line is as likely as the next."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in a household; age in full years on the day of the records."""

    relation: str
    name: str
    male: bool
    age: int
    born: date


def family(rng: Random, largest: int, shape: tuple[str, ...] | None = None) -> list[Person]:
    """Return one to five people, the head first, and never more than `largest`.

    `shape` names who lives with the head; without one it is left to chance.
    """
    head = _person(rng, "head", _head_age(rng), male=rng.random() < 0.6, family_name=surname(rng))
    people = [head]
    others = rng.choice(_SHAPES) if shape is None else shape
    for relation in others[: largest - 1]:
        people.append(_joins(rng, relation, head, people))
    return people


def _joins(rng: Random, relation: str, head: Person, people: list[Person]) -> Person:
    """Return one more person of the family, of an age that the relation allows."""
    couple = [person.age for person in people if person.relation in ("head", "spouse")]
    male = rng.random() < 0.5
    if relation == "spouse":
        age = min(OLDEST, max(22, head.age + rng.randint(-5, 5)))
        return _person(rng, relation, age, male=not head.male, family_name=surname(rng))
    if relation == "child":
        age = max(0, min(couple) - rng.randint(20, 36))
        return _person(rng, relation, age, male=male, family_name=head.name[0])
    if relation == "parent":
        age = min(OLDEST, max(couple) + rng.randint(20, 34))
        kin = head.name[0] if male else surname(rng)
        return _person(rng, relation, age, male=male, family_name=kin)
    return _person(rng, relation, rng.randint(16, 80), male=male, family_name=surname(rng))


def _person(rng: Random, relation: str, age: int, *, male: bool, family_name: str) -> Person:
    name = family_name + given_name(rng, male=male)
    return Person(relation, name, male, age, _birthday(rng, age))


def _head_age(rng: Random) -> int:
    """Return an age from 22 to 88, most often about 45."""
    return round(rng.triangular(22, 88, 45))


def _birthday(rng: Random, age: int) -> date:
    """Return a day on which someone now `age` full years old may have been born."""
    latest = TODAY - timedelta(days=round(age * 365.2425))
    return latest - timedelta(days=rng.randint(1, 363))
