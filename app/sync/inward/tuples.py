"""Columns laid into rows as COPY's binary form has them (PostgreSQL, COPY, "Binary Format").

Of each row there is the count of its values (2 bytes), and of each value its length (4 bytes, -1
for NULL) and its bytes; numbers stand with their big end first. Nothing has to be escaped, and
what is sealed travels as it is.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow.compute as pc

from app.sync.contract.joining import alike, joined

COUNT, LENGTH, WHOLE = ">i2", ">i4", ">i8"
NULL = -1
BIGINT = 20  # as the server's catalogue numbers it

Laid = Any
"""Rows as COPY takes them: something that shows its bytes."""


def laid(columns: Sequence[Any]) -> Laid:
    """Return the rows of some columns.

    Texts and bytes are pyarrow arrays, null where there is none; everything else is a numpy array
    of a dtype that the server reads as it stands (``COUNT``, ``LENGTH``, ``WHOLE``, bool, bytes of
    one length).
    """
    pieces: list[Any] = [(COUNT, len(columns))]
    for column in columns:
        steady = column if isinstance(column, np.ndarray) else alike(column)
        if steady is not None:
            pieces += [(LENGTH, steady.dtype.itemsize), (steady.dtype, steady)]
        else:
            lengths = pc.fill_null(pc.binary_length(column), NULL)
            pieces += [(LENGTH, lengths.to_numpy()), column]
    return _content(joined(pieces, len(columns[0])))


def list_of(numbers: Any) -> bytes:
    """Return a numpy array of whole numbers as the server reads one of its own (``array_recv``)."""
    head = [numbers.ndim, 0, BIGINT, *(each for size in numbers.shape for each in (size, 1))]
    found = np.empty(numbers.size, [("length", LENGTH), ("value", WHOLE)])
    found["length"], found["value"] = found["value"].itemsize, numbers.reshape(-1)
    return np.array(head, LENGTH).tobytes() + found.tobytes()


def _content(rows: Any) -> Laid:
    _, ends, content = rows.buffers()
    if not len(rows):
        return b""
    return content.slice(0, int(np.frombuffer(ends, np.int32, len(rows) + 1)[-1]))
