"""Who will see a notice, before it is sent: residents by area as they are now, never by name.

Up to some hundred grids are counted whole; of more, evenly spread ones stand for the others.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from app.database import read
from notices.audience.reached import (
    ENTERPRISES,
    GRIDS,
    IN_BUSINESS,
    IN_GRIDS,
    SINGLY,
    WORKERS,
)
from notices.model.suppression import FEWEST, sizes_shown

COUNTED = 200  # grids counted whole, or as a sample
AT_ONCE = 50
EVERY = 10**6

BY_GRID = f"SELECT grid_code, count(*) AS n FROM ({IN_GRIDS}) e GROUP BY 1"  # noqa: S608
SINGLE = f"SELECT coalesce(grid_code, '') AS grid_code, count(*) AS n FROM ({SINGLY}) e GROUP BY 1"  # noqa: S608
STAFF = f"SELECT count(*) AS n FROM ({WORKERS}) w"  # noqa: S608
ACTING = f"SELECT count(*) AS n FROM ({ENTERPRISES}) f"  # noqa: S608
FIRMS = f"SELECT count(*) AS n FROM ({IN_BUSINESS}) b"  # noqa: S608
PATHS = "SELECT code, path FROM area WHERE code = ANY(%(codes)s)"


@dataclass(frozen=True, slots=True)
class Estimate:
    """``residents`` and a count may be None: fewer than five. ``exact``: counted, not reckoned.

    ``enterprises``: how many people act for one; None as for residents. ``firms``: how many
    enterprises there are, which the register tells everybody.
    """

    nobody: bool
    exact: bool
    residents: int | None
    workers: int
    enterprises: int | None
    firms: int
    areas: list[dict[str, Any]]


def estimate(audience: dict[str, Any]) -> Estimate:
    """Return how many would see it, by the areas right under the smallest that holds them all."""
    grids = [row.code for row in read(GRIDS, audience | {"after": "", "limit": EVERY})]
    step = max(1, -(-len(grids) // COUNTED))
    sample = grids[::step]
    found: Counter[str] = Counter()
    for start in range(0, len(sample), AT_ONCE):
        about = audience | {"grids": sample[start : start + AT_ONCE]}
        found.update({row.grid_code: row.n * step for row in read(BY_GRID, about)})
    found.update({row.grid_code: row.n for row in read(SINGLE, audience)})
    workers = int(read(STAFF, audience)[0].n)
    acting = int(read(ACTING, audience)[0].n)
    total = sum(found.values())
    return Estimate(
        nobody=not (total or workers or acting),
        exact=step == 1,
        residents=total if total >= FEWEST else None,
        workers=workers,
        enterprises=acting if acting >= FEWEST or not acting else None,
        firms=int(read(FIRMS, audience)[0].n),
        areas=_by_area(found),
    )


def _by_area(found: Counter[str]) -> list[dict[str, Any]]:
    paths = {row.code: row.path for row in read(PATHS, {"codes": [code for code in found if code]})}
    depth = 0
    while len({path[depth] for path in paths.values() if len(path) > depth}) == 1:
        depth += 1
    sums: dict[str, int] = defaultdict(int)
    for code, n in found.items():
        path = paths.get(code)
        sums[path[min(depth, len(path) - 1)] if path else code] += n
    codes = sorted(sums)
    shown = sizes_shown([sums[code] for code in codes])
    return [
        {"area": code, "residents": sums[code] if seen else None}
        for code, seen in zip(codes, shown, strict=True)
    ]
