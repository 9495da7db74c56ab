"""What the engine asks of a source, whatever it is.

A connector keeps nothing: the engine stores its cursors, in the transaction of what was read. It
knows no contract either: it hands over text in named columns, and the engine says what that means.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

Cursor = Mapping[str, Any]
"""Where a stream was left: plain JSON, small, the connector's own. Empty: from the start."""


class SourceRefused(Exception):
    """The source is not what it says it is; ``code`` names the fault, the words explain it.

    Pages committed before stay. Neither code nor words ever repeat a value of a record.
    """

    def __init__(self, code: str, words: str) -> None:
        """Keep the code for the books."""
        super().__init__(f"{code}: {words}")
        self.code = code
        self.words = words

    def __reduce__(self) -> tuple[type[Exception], tuple[str, str]]:
        """Survive the way out of a process that reads a page."""
        return type(self), (self.code, self.words)


class SourceAway(Exception):
    """The source cannot be reached now, or asks to wait; nothing is wrong with what it sent."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source has to read of one stream now.

    ``rows`` is its own count of the rows in this reading, if it gives one. ``complete``: read
    from an empty cursor, the pages hold every record that lives there, so that absence means
    something. ``digest`` names the content as a whole: what was read to its end is not read again.
    ``told``: the source is told of each page, and may forget it then. ``as_of``: when it was so at
    the source, if that says it; otherwise it is so now.
    """

    stream: str
    rows: int | None = None
    complete: bool = False
    digest: str | None = None
    told: bool = True
    as_of: datetime | None = None

    @property
    def mark(self) -> str | None:
        """Return by what the content is known once it was read to its end, None if by nothing.

        The same content, said to be all there is, has more to say than before.
        """
        return f"{self.digest} whole" if self.digest and self.complete else self.digest

    def whole_from(self, at: Cursor) -> bool:
        """Tell whether a reading that goes on from ``at`` will have held every record there.

        A content that has a digest is one thing, wherever it is taken up again. What is followed
        by its changes is whole from its start only: later readings bring what is new.
        """
        return self.complete and (self.digest is not None or not at)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be laid into columns, as far as it could be read."""

    code: str
    raw: str
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some raw rows: text columns (``sid``, ``ver``, perhaps ``op``, and fields) and the rest.

    ``fixed``: the source has these columns, whatever the rows. Where each row names its own, a
    column that no row of a page named is not missing, it only holds nothing.
    """

    table: pa.Table
    unreadable: Sequence[Unreadable] = ()
    fixed: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the cursor to store once they are committed.

    ``read`` may be called in another process, so it must survive pickling: a ``partial`` of a
    function of a module. It raises SourceRefused like the connector itself.
    """

    read: Callable[[], Rows]
    cursor: Cursor


class Connector(Protocol):
    """A source of records."""

    @property
    def source(self) -> str:
        """The name under which its records are kept."""
        ...

    def check(self) -> Sequence[str]:
        """Return what is wrong with the source and its settings, in sentences; none if all is well.

        It reads as little as it can and writes nothing.
        """
        ...

    def offers(self) -> Sequence[Offer]:
        """Return what can be read now, in the order in which to read it.

        Raises:
            SourceRefused, SourceAway
        """
        ...

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        """Yield the pages after ``cursor``, of about ``size`` rows.

        Pages may repeat rows, they never skip any; rows of any order.

        Raises:
            SourceRefused, SourceAway
        """
        ...

    def acknowledge(self, stream: str, cursor: Cursor) -> None:
        """Tell the source, if it wants to know, that all up to ``cursor`` is committed here.

        Called after the commit, perhaps more than once, perhaps never: a process may die between.
        """
        ...


@runtime_checkable
class Countable(Protocol):
    """A source that can say what it has without sending it: for reconciliation.

    ``bucket`` is the number made of the first 3 hex digits of MD5(sid), 0 to 4095. The sum is
    over the number made of the first 15 hex digits of MD5(sid ":" ver), over all live records.
    """

    def digest(self, stream: str) -> Mapping[int, tuple[int, int]]:
        """Return for each bucket that is not empty how many records live in it, and their sum."""
        ...

    def keys(self, stream: str, buckets: Collection[int]) -> Iterator[Sequence[tuple[str, int]]]:
        """Yield (sid, ver) of the live records of these buckets, some thousand at a time."""
        ...

    def fetch(self, stream: str, sids: Sequence[str]) -> Iterator[Page]:
        """Yield the records of these keys anew; those that are gone are left out."""
        ...
