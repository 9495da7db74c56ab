"""Rows made of columns: all that stands in a row, end to end, as bytes.

Joining texts costs by the text; filling a block of so many bytes a row costs next to nothing. So
everything that is as long in each row (numbers, lengths, codes, days) stands in a block with its
neighbours, and only between two blocks is there a text to be joined.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Piece = tuple[Any, Any]
"""A numpy dtype, and a value for all rows or an array of theirs."""


def joined(pieces: Sequence[Any], rows: int) -> Any:
    """Return a pyarrow array of what stands in each row.

    ``pieces``: of the same length in all rows as a ``Piece``, and texts or bytes as pyarrow arrays;
    where one of those is null there is nothing.
    """
    parts: list[Any] = []
    block: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, tuple):
            block.append(piece)
        else:
            parts += [*_blocks(block, rows), _filled(piece)]
            block = []
    parts += _blocks(block, rows)
    return pc.binary_join_element_wise(*parts, b"")


def alike(column: Any) -> Any:
    """Return texts as an array of their bytes, if all are there and equally long; else None."""
    rows = len(column)
    if not rows or column.null_count:
        return None
    places, content = stretch(column)
    size = int(places[1])
    if not size or len(content) != size * rows or (np.diff(places) != size).any():
        return None
    return np.frombuffer(content, f"V{size}")


def stretch(column: Any) -> tuple[Any, memoryview]:
    """Return where the texts of a column stand, from 0 to the end of the last, and their bytes."""
    _, ends, content = column.buffers()
    places = np.frombuffer(ends, np.int32, len(column) + 1, 4 * column.offset)
    return places - places[0], memoryview(content or b"")[places[0] : places[-1]]


def array_of(ends: Any, content: Any) -> Any:
    """Return the pyarrow array of bytes that ends there in some content."""
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(content)]
    return pa.Array.from_buffers(pa.binary(), len(ends) - 1, buffers)


def _blocks(pieces: Sequence[Piece], rows: int) -> list[Any]:
    """Return what stands between two texts, as many bytes in each row; nothing if there is none."""
    if not pieces:
        return []
    kind = np.dtype([(str(place), dtype) for place, (dtype, _) in enumerate(pieces)])
    block = np.empty(rows, kind)
    for place, (_, values) in enumerate(pieces):
        block[str(place)] = values
    return [array_of(np.arange(rows + 1, dtype=np.int32) * np.int32(kind.itemsize), block)]


def _filled(column: Any) -> Any:
    found = column.cast(pa.binary())
    return pc.fill_null(found, b"") if found.null_count else found
