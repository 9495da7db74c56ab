"""Rows fetched a part at a time: few of them, until it is known how wide they are."""

from collections.abc import Callable, Iterator, Sequence
from sys import getsizeof
from typing import Any

FIRST = 4
PART_BYTES = 8 << 20
"""What the rows of a part come to in our memory, if they are no wider than those before them."""

NARROW, WIDE = 2000, 100
"""Rows of a part at most: of keys and sums, and where any cell may be large."""


def in_parts(
    fetch: Callable[[int], Sequence[Sequence[Any]]], most: int
) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield what there is to fetch, at most so many rows at a time.

    The next rows may be as wide as any so far, and a driver holds all that it was asked for. One
    in ten is weighed: most tables are narrow, and their rows many.
    """
    width, wanted = 1, min(FIRST, most)
    while rows := fetch(wanted):
        yield rows
        weighed = rows[::10]
        width = max(width, weight_of(weighed) // len(weighed))
        wanted = max(1, min(most, PART_BYTES // width))


def weight_of(rows: Sequence[Sequence[Any]]) -> int:
    """Return how many bytes the cells of some rows take up here."""
    return sum(sum(map(getsizeof, column)) for column in zip(*rows, strict=True))
