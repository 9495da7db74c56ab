"""Whether anybody at all is meant: looked for until the first is found, grid by grid."""

from typing import Any

from app.database import read
from notices.audience.people import OFFICES
from notices.audience.places import names_somebody
from notices.audience.reached import BY_OFFICE, IN_GRIDS, SINGLY, lived_in

FIRST, SOME = 1, 200
"""Grids looked at in one statement: few at first, for mostly the first has somebody, then more."""
MORE = 8  # times as many in the next
LOOKED = 20_000  # grids looked at in all


def anybody(audience: dict[str, Any]) -> bool:
    """Tell whether an audience matches anybody today.

    A district of more grids than ``LOOKED`` is given the benefit of the doubt after so many.
    """
    if audience["people"] & OFFICES and read(f"{BY_OFFICE} LIMIT 1", audience):
        return True
    if names_somebody(audience["places"]) and read(f"{SINGLY} LIMIT 1", audience):
        return True
    after, seen, some = "", 0, FIRST
    while grids := lived_in(audience, after, some):
        if read(f"{IN_GRIDS} LIMIT 1", audience | {"grids": grids}):
            return True
        after, seen = grids[-1], seen + len(grids)
        if seen >= LOOKED:
            return True
        some = min(SOME, some * MORE)
    return False
