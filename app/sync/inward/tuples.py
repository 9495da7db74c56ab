"""Columns laid into rows as COPY's binary form has them (PostgreSQL, COPY, "Binary Format").

Of each row there is the count of its values (2 bytes), and of each value its length (4 bytes, -1
for NULL) and its bytes; numbers stand with their big end first. Nothing has to be escaped, and
what is sealed travels as it is. Lengths and numbers between two texts are one block for all rows,
so that a million rows are a few joins.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

COUNT, LENGTH, WHOLE = ">i2", ">i4", ">i8"
NULL = -1

Laid = Any
"""Rows as COPY takes them: something that shows its bytes."""

Piece = tuple[Any, Any]
"""A numpy dtype, and a value for all rows or an array of theirs."""


def laid(columns: Sequence[Any]) -> Laid:
    """Return the rows of some columns.

    Texts and bytes are pyarrow arrays, null where there is none; everything else is a numpy array
    of a dtype that the server reads as it stands (``COUNT``, ``LENGTH``, ``WHOLE``, bool, bytes of
    one length).
    """
    rows, parts = len(columns[0]), []
    block: list[Piece] = [(COUNT, len(columns))]
    for column in columns:
        if isinstance(column, np.ndarray):
            block += [(LENGTH, column.dtype.itemsize), (column.dtype, column)]
        else:
            lengths = pc.fill_null(pc.binary_length(column), NULL)
            parts += [_block([*block, (LENGTH, lengths.to_numpy())], rows), _filled(column)]
            block = []
    if block:
        parts.append(_block(block, rows))
    return _content(pc.binary_join_element_wise(*parts, b""))


def array_of(parts: Sequence[bytes]) -> Any:
    """Return a pyarrow array of bytes, made in one piece of work."""
    ends = np.zeros(len(parts) + 1, dtype=np.int32)
    np.cumsum([len(part) for part in parts], out=ends[1:])
    return _array(ends, b"".join(parts))


def _block(pieces: Sequence[Piece], rows: int) -> Any:
    """Return what stands between two texts, an array of as many bytes for each row."""
    kind = np.dtype([(str(place), dtype) for place, (dtype, _) in enumerate(pieces)])
    block = np.empty(rows, kind)
    for place, (_, values) in enumerate(pieces):
        block[str(place)] = values
    return _array(np.arange(rows + 1, dtype=np.int32) * np.int32(kind.itemsize), block)


def _array(ends: Any, content: Any) -> Any:
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(content)]
    return pa.Array.from_buffers(pa.binary(), len(ends) - 1, buffers)


def _filled(column: Any) -> Any:
    found = column.cast(pa.binary())
    return pc.fill_null(found, b"") if found.null_count else found


def _content(rows: Any) -> Laid:
    _, ends, content = rows.buffers()
    if not len(rows):
        return b""
    return content.slice(0, int(np.frombuffer(ends, np.int32, len(rows) + 1)[-1]))
