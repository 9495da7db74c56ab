"""Counts of requests by cell, held in memory, and clusters of them for any box and zoom.

Plain arithmetic on arrays: no database, no clock.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PER_DEGREE = 1000
"""A cell is a thousandth of a degree a side: what the public view rounds to."""
CLUSTER_PIXELS = 64
TILE_PIXELS = 256
MOST_CLUSTERS = 4096  # in one answer; the zoom is lowered until it holds
DEEPEST = 22
ROW_BITS = 20  # of a key for the column; the row stands above them
FAR = 1 << (ROW_BITS - 1)  # columns lie within this, east and west of Greenwich

Numbers = npt.NDArray[np.int64]
Row = tuple[int, int, str, int]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Requests that lie close together at a zoom: the middle of their cells, and how many."""

    lng: float
    lat: float
    n: int


@dataclass(frozen=True, slots=True)
class Box:
    """A box of WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float


class Cells:
    """How many requests of which matter are in each cell; grows, and is changed in place."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._all = _Layer()
        self._of_matter: dict[str, _Layer] = {}
        self.add(rows)

    def add(self, rows: Iterable[Row]) -> None:
        """Add each row's number to its cell."""
        of_matter: dict[str, list[tuple[int, int, int]]] = {}
        for x, y, matter, n in rows:
            of_matter.setdefault(matter, []).append((x, y, n))
        for matter, cells in of_matter.items():
            columns = np.array(cells, np.int64).T
            self._of_matter.setdefault(matter, _Layer()).add(*columns)
            self._all.add(*columns)

    def clusters(self, box: Box, zoom: int, matter: str | None) -> tuple[int, list[Cluster]]:
        """Return the zoom that was taken, and the clusters in the box, west to east by rows.

        A cluster is a square of some ``CLUSTER_PIXELS`` on the map, at the same place whatever
        the box. The zoom is lowered where the box would hold more than ``MOST_CLUSTERS``.
        """
        zoom, wide, high = _squares(box, zoom)
        layer = self._all if matter is None else self._of_matter.get(matter)
        return zoom, _summed(*layer.inside(box), wide, high) if layer else []


class _Layer:
    """Cells by row and column, in this order: a box costs what lies in its rows, not all there is.

    A layer for all matters is kept beside those of each, so that a look at all of them does not
    grow with the number of matters.
    """

    def __init__(self) -> None:
        self._key, self._n = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def add(self, x: Numbers, y: Numbers, n: Numbers) -> None:
        """Add numbers to their cells, of which some may be named more than once."""
        key, place = np.unique(_key(x, y), return_inverse=True)
        n = np.bincount(place, weights=n).astype(np.int64)
        at = np.searchsorted(self._key, key)
        known = np.isin(key, self._key, assume_unique=True)
        self._n[at[known]] += n[known]
        self._key = np.insert(self._key, at[~known], key[~known])
        self._n = np.insert(self._n, at[~known], n[~known])

    def inside(self, box: Box) -> tuple[Numbers, Numbers, Numbers]:
        """Return column, row and number of the cells in a box that hold something."""
        first_x, last_x = _reach(box.west, box.east)
        first_y, last_y = _reach(box.south, box.north)
        ends = np.array([first_y, last_y + 1], np.int64) << ROW_BITS
        first, end = np.searchsorted(self._key, ends)
        key, n = self._key[first:end], self._n[first:end]
        x, y = (key & (1 << ROW_BITS) - 1) - FAR, key >> ROW_BITS
        filled = (n > 0) & (x >= first_x) & (x <= last_x)
        return x[filled], y[filled], n[filled]


def _key(x: Numbers, y: Numbers) -> Numbers:
    return (y << ROW_BITS) | (x + FAR)


def _squares(box: Box, zoom: int) -> tuple[int, int, int]:
    """Return the zoom that the answer holds, and a cluster's width and height in cells."""
    narrowing = math.cos(math.radians(round((box.south + box.north) / 2)))
    while True:
        degrees = 360 * CLUSTER_PIXELS / (TILE_PIXELS * 2**zoom)
        wide = max(1, round(degrees * PER_DEGREE))
        high = max(1, round(degrees * narrowing * PER_DEGREE))
        columns = (box.east - box.west) * PER_DEGREE / wide + 1
        rows = (box.north - box.south) * PER_DEGREE / high + 1
        if columns * rows <= MOST_CLUSTERS or zoom == 0:
            return zoom, wide, high
        zoom -= 1


def _reach(low: float, high: float) -> tuple[int, int]:
    return math.ceil(low * PER_DEGREE - 1e-6), math.floor(high * PER_DEGREE + 1e-6)


def _summed(x: Numbers, y: Numbers, n: Numbers, wide: int, high: int) -> list[Cluster]:
    if not x.size:
        return []
    column, row = x // wide, y // high
    span = int(column.max() - column.min()) + 1
    square = (row - row.min()) * span + (column - column.min())
    counts = np.bincount(square, weights=n)
    filled = np.flatnonzero(counts)
    lng = np.bincount(square, weights=n * x)[filled] / counts[filled] / PER_DEGREE
    lat = np.bincount(square, weights=n * y)[filled] / counts[filled] / PER_DEGREE
    return [
        Cluster(round(float(a), 6), round(float(b), 6), int(c))
        for a, b, c in zip(lng, lat, counts[filled], strict=True)
    ]
