"""Which limit counts: a pure function over the rows of the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.calendar.deadlines import LimitUnit
from app.calendar.validity import holds


@dataclass(frozen=True, slots=True)
class Limit:
    """How long an owner may take to answer, and the rule that says so."""

    count: int
    unit: LimitUnit
    basis: str


def limit_on(rows: Iterable[Any], day: date) -> Limit | None:
    """Return the limit of a request for correction that is made on a day; None: no rule holds.

    Of several the one that began last counts, and of those the one with the highest key.
    """
    found = [row for row in rows if holds(row, day)]
    if not found:
        return None
    row = max(found, key=lambda each: (each.valid_from, each.sid))
    return Limit(row.count, LimitUnit(row.unit), row.legal_basis)
