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
        self._places: dict[tuple[int, int, str], int] = {}
        self._matters: dict[str, int] = {}
        self._x, self._y, self._matter, self._n = (np.zeros(1024, np.int64) for _ in range(4))
        self.add(rows)

    def add(self, rows: Iterable[Row]) -> None:
        """Add each row's number to its cell."""
        for x, y, matter, n in rows:
            place = self._places.get((x, y, matter))
            if place is None:
                place = self._opened(x, y, matter)
            self._n[place] += n

    def _opened(self, x: int, y: int, matter: str) -> int:
        place = len(self._places)
        if place == len(self._n):
            self._x, self._y, self._matter, self._n = (
                np.concatenate([each, np.zeros_like(each)])
                for each in (self._x, self._y, self._matter, self._n)
            )
        self._places[x, y, matter] = place
        self._x[place], self._y[place] = x, y
        self._matter[place] = self._matters.setdefault(matter, len(self._matters))
        return place

    def clusters(self, box: Box, zoom: int, matter: str | None) -> tuple[int, list[Cluster]]:
        """Return the zoom that was taken, and the clusters in the box, west to east by rows.

        A cluster is a square of some ``CLUSTER_PIXELS`` on the map, at the same place whatever
        the box. The zoom is lowered where the box would hold more than ``MOST_CLUSTERS``.
        """
        zoom, wide, high = _squares(box, zoom)
        first_x, last_x = _reach(box.west, box.east)
        first_y, last_y = _reach(box.south, box.north)
        end = len(self._places)
        x, y, n = self._x[:end], self._y[:end], self._n[:end]
        inside = (n > 0) & (x >= first_x) & (x <= last_x) & (y >= first_y) & (y <= last_y)
        if matter is not None:
            inside &= self._matter[:end] == self._matters.get(matter, -1)
        return zoom, _summed(x[inside], y[inside], n[inside], wide, high)


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
