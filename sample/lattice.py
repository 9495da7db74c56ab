"""A lattice of cells over the ground, and regions that grow on it without gap or overlap.

A cell is 0.002 degrees on a side: about 170 m by 222 m at 40 degrees north. It is named by two
whole numbers, the longitude and latitude of its south-west corner in units of 0.002 degrees, so
that regions which share a border share it exactly.
"""

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry
from shapely.prepared import prep

Cell = tuple[int, int]

STEPS_PER_DEGREE = 500
_SQUEEZE = 0.587  # cos(40 degrees) squared: what a step east counts for beside a step north
_CANDIDATES = 6


def degrees(steps: float) -> float:
    """Return a lattice coordinate in degrees, to 6 decimals (about 0.1 m)."""
    return round(steps / STEPS_PER_DEGREE, 6)


def cell_at(lng: float, lat: float) -> Cell:
    """Return the cell that holds a point in degrees."""
    return math.floor(lng * STEPS_PER_DEGREE), math.floor(lat * STEPS_PER_DEGREE)


def centre(cell: Cell) -> tuple[float, float]:
    """Return the middle of a cell as (lng, lat) in degrees."""
    return degrees(cell[0] + 0.5), degrees(cell[1] + 0.5)


def spot(cell: Cell, rng: Random) -> tuple[float, float]:
    """Return a random (lng, lat) in degrees inside a cell, at least 17 m from its edges."""
    return (
        degrees(cell[0] + 0.1 + 0.8 * rng.random()),
        degrees(cell[1] + 0.1 + 0.8 * rng.random()),
    )


class Inside:
    """The cells that lie wholly inside an outline in degrees, looked at only when asked for."""

    def __init__(self, outline: BaseGeometry) -> None:
        """Prepare to be asked about the inside of `outline`."""
        self._covers = prep(outline).covers
        self._known: dict[Cell, bool] = {}

    def __contains__(self, cell: Cell) -> bool:
        """Return whether no part of the cell is outside."""
        if cell not in self._known:
            x, y = cell
            square = box(degrees(x), degrees(y), degrees(x + 1), degrees(y + 1))
            self._known[cell] = bool(self._covers(square))
        return self._known[cell]


def neighbours(cell: Cell) -> Iterator[Cell]:
    """Yield the four cells that share an edge with a cell."""
    x, y = cell
    yield from ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))


Ground = set[Cell] | Inside


def scatter(count: int, ground: Sequence[Cell], rng: Random) -> list[Cell]:
    """Pick `count` different cells, well apart: each is the farthest of a few random candidates."""
    picked = [rng.choice(ground)]
    while len(picked) < count:
        candidates = [rng.choice(ground) for _ in range(_CANDIDATES)]
        best = max(candidates, key=lambda cell: min(_apart(cell, other) for other in picked))
        if best not in picked:
            picked.append(best)
    return picked


def grow(
    seeds: Mapping[str, Cell], ground: Ground, reach: float = math.inf
) -> dict[str, list[Cell]]:
    """Share the ground out among seeds, each cell to the nearest seed that reaches it on foot.

    Every region is connected, because it grows from its seed over shared edges only. A region ends
    `reach` steps (of 0.002 degrees north) from its seed. The order of the cells is always the same.
    """
    waiting = [(0.0, name, cell) for name, cell in seeds.items()]
    heapq.heapify(waiting)
    taken: set[Cell] = set()
    regions: dict[str, list[Cell]] = {name: [] for name in seeds}
    while waiting:
        _, name, cell = heapq.heappop(waiting)
        if cell in taken:
            continue
        taken.add(cell)
        regions[name].append(cell)
        for near in neighbours(cell):
            distance = _apart(near, seeds[name])
            if near not in taken and distance <= reach * reach and near in ground:
                heapq.heappush(waiting, (distance, name, near))
    return regions


def _apart(one: Cell, other: Cell) -> float:
    """Return the squared distance of two cells in steps north."""
    east, north = one[0] - other[0], one[1] - other[1]
    return east * east * _SQUEEZE + north * north
