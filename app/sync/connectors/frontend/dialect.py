"""What differs between the databases, one value of ``Dialect`` a kind; nothing else knows kinds.

SQL is kept as templates: ``{0}`` stands for an expression over columns, never for a value. Values
always travel as parameters.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

Connection: TypeAlias = Any
"""A connection of whichever driver: they share PEP 249 and nothing that types could say."""

Row: TypeAlias = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a session is opened. ``writes``: for our own tables there only."""

    url: str = field(repr=False)
    timeout: timedelta
    utc_offset: timedelta
    writes: bool = False

    @property
    def connect_within(self) -> int:
        """Return how many seconds a connection may take: no statement's patience is longer."""
        return max(1, min(10, int(self.timeout.total_seconds())))

    @property
    def zone(self) -> str:
        """Return the offset as SQL spells it: ``+08:00``."""
        minutes = int(self.utc_offset.total_seconds()) // 60
        return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@dataclass(frozen=True, slots=True)
class Faults:
    """How a driver tells its faults.

    ``codes`` maps the codes of a database to the names of ours; ``AWAY`` is for what passes,
    ``REPEATED`` for a key that is there already, ``UNFIT`` for a value that will never fit.
    ``otherwise`` names what is not in it. ``drivers`` are the driver's own exceptions.
    """

    drivers: tuple[type[Exception], ...]
    code: Callable[[Exception], str]
    codes: Mapping[str, str]
    otherwise: Callable[[str], str] = lambda _: "QUERY_FAILED"

    def name(self, fault: Exception) -> tuple[str, str]:
        """Return our name of a fault and the database's code."""
        code = self.code(fault)
        return self.codes.get(code) or self.otherwise(code), code


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the database tells of its tables; ``{schema}`` (or null) and ``{table}`` are values.

    ``leading``: the columns with which an index begins. ``unique``: those unique by themselves.
    ``writes``: what the account may do to the table besides reading it.
    """

    leading: str
    unique: str
    writes: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of database is spoken to.

    ``connect`` opens a session as its terms say: a read-only transaction on one snapshot that a
    statement cannot outstay. ``stream`` runs a statement and yields its rows a part at a time, of
    at most so many; whoever leaves it before its end may not use the session again. ``tolerant``
    makes a session hand over undecodable bytes as lone surrogates from then on; without it a row of
    such bytes stops the reading. ``bucket`` and ``weight`` make the numbers of a text's MD5 (3 and
    15 hex digits); without them they are reckoned here.
    ``length`` is that of any cell, in bytes or in characters; None: the server bounds its rows, and
    a cell that is looked at first comes as another type. ``url_options`` may stand behind the
    question mark of the address; None: the driver judges them.
    """

    kind: str
    schemes: tuple[str, ...]
    connect: Callable[[Terms], Connection]
    stream: Callable[[Connection, str, Sequence[Any], int], Iterator[Sequence[Row]]]
    faults: Faults
    catalogue: Catalogue
    mark: str
    quotes: str
    limit: str
    clock: str
    text: str
    joined: str
    micros: str
    bucket: str | None = None
    weight: str | None = None
    length: str | None = None
    tolerant: Callable[[Connection], None] | None = None
    midnight_is_day: bool = False
    url_options: frozenset[str] | None = frozenset()

    def quoted(self, *names: str) -> str:
        """Return a name, perhaps in its schema, as SQL."""
        return ".".join(f"{self.quotes}{name}{self.quotes}" for name in names)


class Query:
    """A statement in the making: its values are kept in the order of their marks."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.values: list[Any] = []
        self.words = ""

    def value(self, value: Any) -> str:
        """Keep a value and return the mark that stands for it."""
        self.values.append(value)
        return self.dialect.mark.format(len(self.values))

    def filled(self, template: str, values: Mapping[str, Any]) -> "Query":
        """Say a template in which ``{name}`` stands for a value, perhaps more than once."""
        self.words = re.sub(r"\{(\w+)\}", lambda found: self.value(values[found[1]]), template)
        return self
