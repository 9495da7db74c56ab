"""Addresses of grids that have ended: each goes to the grid that took over at its place.

The register's word stays in the mirror. Where one grid took over, it has every address; where
several did, the address's own place decides, which is sealed and opened for that alone. An address
that lies in no outline known yet stays where it is and is looked at again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.areas.changes import Takeovers, takeovers_of_today
from app.database import read, transaction, write
from app.privacy import SealBroken, audit, vault
from app.sync import Accompanied

BATCH = 500

# The mirror's key begins with the source; the few sources there are make each a look-up.
LEFT_BEHIND = """
SELECT a.sid, a.grid_code, m.lng_sealed, m.lat_sealed FROM address a
LEFT JOIN src_addresses m ON m.sid = a.sid AND m.deleted_at IS NULL
  AND m.source IN (SELECT source FROM sync_checkpoint WHERE stream = 'addresses')
WHERE a.grid_code = ANY(%(ended)s) AND a.sid > %(after)s {among}
ORDER BY a.sid LIMIT %(batch)s FOR UPDATE OF a SKIP LOCKED
"""
OF_THE_PAGE = "AND a.sid IN (SELECT sid FROM stage_rows)"
MOVE = """
UPDATE address a SET grid_code = v.heir
FROM unnest(%(sids)s::text[], %(heirs)s::text[]) AS v(sid, heir) WHERE a.sid = v.sid
"""


def move_addresses(of_the_page: bool = False) -> int:
    """Give the addresses of ended grids to their heirs, a bounded batch at a time; return how many.

    ``of_the_page``: only those whose records lie in ``stage_rows``, in the deed that brings them.
    What was moved is audited by grid, not by address.
    """
    found = takeovers_of_today()
    about: dict[str, Any] = {"ended": found.ended(), "after": "", "batch": BATCH}
    sql = LEFT_BEHIND.format(among=OF_THE_PAGE if of_the_page else "")
    moved = 0
    while about["ended"]:
        with transaction():
            rows = write(sql, about)
            moved += _move(found, rows)
        if len(rows) < BATCH:
            break
        about["after"] = rows[-1].sid
    return moved


def _move(found: Takeovers, rows: list[Any]) -> int:
    targets = {row.sid: (row.grid_code, heir) for row in rows if (heir := _heir(found, row))}
    if targets:
        heirs = [heir for _, heir in targets.values()]
        write(MOVE, {"sids": list(targets), "heirs": heirs})
    for (old, heir), many in Counter(targets.values()).items():
        audit(None, "addresses-moved", "area", old, heir=heir, addresses=many)
    return len(targets)


def _heir(found: Takeovers, row: Any) -> str | None:
    if heir := found.sole_heir(row.grid_code):
        return heir
    if row.lng_sealed is None or row.lat_sealed is None:
        return None
    try:
        lng = float(vault.open("address.lng", row.sid, bytes(row.lng_sealed)))
        lat = float(vault.open("address.lat", row.sid, bytes(row.lat_sealed)))
    except SealBroken:  # whose key is not here stays, and is counted among what hangs
        return None
    there = found.heir_at(row.grid_code, lng, lat)
    return there.code if there else None


@dataclass(frozen=True, slots=True)
class Inherited(Accompanied):
    """Carries addresses over; one that still names an ended grid is given to its heir at once.

    Or somebody whose record is sent again would live in the old grid until the next sweep.
    """

    def arrived(self) -> None:
        """Project the addresses in ``stage_rows``."""
        self.rows.arrived()
        move_addresses(of_the_page=True)


IN_GRIDS = """
SELECT a.sid, m.lng_sealed, m.lat_sealed FROM address a
JOIN src_addresses m ON m.sid = a.sid AND m.deleted_at IS NULL
  AND m.source IN (SELECT source FROM sync_checkpoint WHERE stream = 'addresses')
WHERE a.grid_code = ANY(%(grids)s) AND m.lng_sealed IS NOT NULL AND m.lat_sealed IS NOT NULL
ORDER BY a.sid
"""


def dwellings_in(grids: Sequence[str], holds: Callable[[float, float], bool]) -> list[str]:
    """Return the keys of the addresses in some grids whose WGS-84 place ``holds`` says yes to.

    Their places are opened for that alone; one whose key is not here is in no outline.
    """
    found = []
    for row in read(IN_GRIDS, {"grids": list(grids)}):
        try:
            lng = float(vault.open("address.lng", row.sid, bytes(row.lng_sealed)))
            lat = float(vault.open("address.lat", row.sid, bytes(row.lat_sealed)))
        except SealBroken:
            continue
        if holds(lng, lat):
            found.append(row.sid)
    return found
