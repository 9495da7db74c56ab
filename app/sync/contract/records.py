"""A page as the contract reads it: its records column by column, and the rows that are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

GONE = b"\xff" * 16
"""The hash of a deletion: at the same version it wins over any content."""

Strings: TypeAlias = Any
"""A pyarrow array of texts: pyarrow brings no types."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not a record: a code, the field if it is one, and the row as it came.

    ``ver``: its version, if it has one.
    """

    sid: str
    code: str
    field: str
    raw: str
    ver: int | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a page, column by column; row ``i`` of each belongs together.

    ``values`` are canonical texts in the order of the stream's fields, null where there is none.
    ``hashes`` are 16 bytes each, end to end.
    """

    sid: Strings
    ver: Any
    gone: np.ndarray[Any, np.dtype[np.bool_]]
    hashes: bytes
    values: tuple[Strings, ...]

    def __len__(self) -> int:
        return len(self.sid)

    def hash_of(self, place: int) -> bytes:
        """Return the hash of one record."""
        return self.hashes[16 * place : 16 * place + 16]


@dataclass(frozen=True, slots=True)
class Reading:
    """A page read: what is a record, what is not, and which columns nobody asked for.

    ``untold`` are optional fields that no row told of; with ``fixed`` the source's table has no
    column for them.
    """

    records: Records
    rejects: Sequence[Reject]
    strange: Sequence[str]
    untold: Sequence[str]
    fixed: bool
    rows: int


class ColumnsMissing(ValueError):
    """Columns that the contract requires are not there; ``names`` are theirs."""

    def __init__(self, names: Sequence[str]) -> None:
        """Keep the names."""
        super().__init__(", ".join(names))
        self.names = names

    def __reduce__(self) -> tuple[type[Exception], tuple[Sequence[str]]]:
        """Survive the way out of a process that reads a page."""
        return type(self), (self.names,)
