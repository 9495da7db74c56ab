"""What the engine asks of a source, whatever it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Cursor = Mapping[str, Any]


class SourceRefused(Exception):
    """The source is not what it says: a wrong count, digest or column. The message names it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some raw rows, and the cursor to store once they are committed."""

    rows: Sequence[Mapping[str, Any]]
    cursor: Cursor


class Connector(Protocol):
    """A source of records. The engine keeps the cursors; a connector keeps nothing."""

    source: str

    def streams(self) -> Sequence[str]:
        """Return the names of the streams that are on offer, in the order to read them."""
        ...

    def rows_of(self, stream: str) -> int | None:
        """Return how many rows the source says the stream has, if it says."""
        ...

    def pages(
        self, stream: str, fields: Sequence[str], cursor: Cursor, size: int
    ) -> Iterator[Page]:
        """Yield the pages after ``cursor``; pages may repeat rows, never skip any.

        Raises:
            SourceRefused: the source is not what it says it is.
        """
        ...
