"""Whether anybody at all is meant: looked for until the first is found, grid by grid."""

from typing import Any

from app.database import read
from notices.audience.reached import BY_OFFICE, IN_GRIDS, SINGLY, grids_of

SOME = 200  # grids looked at in one statement
LOOKED = 20_000  # grids looked at in all


def anybody(audience: dict[str, Any]) -> bool:
    """Tell whether an audience matches anybody today.

    A district of more grids than ``LOOKED`` is given the benefit of the doubt after so many.
    """
    if read(f"{BY_OFFICE} LIMIT 1", audience) or read(f"{SINGLY} LIMIT 1", audience):
        return True
    after, seen = "", 0
    while grids := grids_of(audience, after, SOME):
        if read(f"{IN_GRIDS} LIMIT 1", audience | {"grids": grids}):
            return True
        after, seen = grids[-1], seen + len(grids)
        if seen >= LOOKED:
            return True
    return False
