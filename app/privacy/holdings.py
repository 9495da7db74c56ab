"""What a feature says of the personal data in its tables: what it holds, and what it must keep.

A house test demands that every table that names a person stands in a holding, or is excused.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.errors import Words

Record = Mapping[str, object]

MOST_RECORDS = 50_000
"""How many records of one kind a copy lists; it says so where there are more."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data: an account, and the resident whom it is matched to, if it is."""

    account_id: UUID
    resident_id: UUID | None


@dataclass(frozen=True, slots=True)
class Holding:
    """Named records of one kind that are held of a subject, opened for the subject's own eyes.

    ``records`` gives one more than ``MOST_RECORDS`` at most: that there are more is then said.
    """

    name: str
    title: Words
    tables: tuple[str, ...]
    records: Callable[[Subject], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays when somebody closes the account: of which tables, on what basis, how long."""

    what: Words
    tables: tuple[str, ...]
    basis: str
    term: Words


@dataclass(frozen=True, slots=True)
class Excused:
    """A table that names people and is in nobody's holdings, and why."""

    table: str
    why: str
