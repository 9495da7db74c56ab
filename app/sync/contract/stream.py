"""What a record of the district is: the fields of a stream, its mirror, and what it waits for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from app.database import Model
from app.privacy import Pii
from app.sync.contract.kinds import FieldRefused, Kind, key, whole

Forget = Callable[[str, str, str], None]
"""Lets go of what is kept about a record (source, stream, sid) that was erased, in the deed."""

VERSION = whole(1, 2**62)
SID = key
ENVELOPE = ("sid", "ver", "op", "updated_at")
"""What every row may have besides its fields; ``op`` U or D, ``updated_at`` for the source only."""


def key_as_read(sid: str) -> str | None:
    """Return a record's key as its mirror has it, or None for what is no key of anybody."""
    try:
        return SID(sid)
    except FieldRefused:
        return None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a stream. A personal one is sealed in the mirror.

    ``index`` names the blind index by which it is found; fields that hold the same thing in
    different streams ("phone") share the name, so that one finds the other.
    """

    name: str
    kind: Kind
    required: bool = True
    pii: Pii = Pii.PUBLIC
    index: str | None = None

    @property
    def sealed(self) -> bool:
        """Tell whether the field is stored sealed."""
        return self.pii in (Pii.PERSONAL, Pii.SENSITIVE)

    @property
    def column(self) -> str:
        """Return the name of its column in the mirror."""
        return f"{self.name}_sealed" if self.sealed else self.name


@dataclass(frozen=True, slots=True)
class Need:
    """A record of another stream that must be here before this one counts.

    ``field`` holds the other's ``sid``, or what its column ``to`` holds. Meanwhile the mirror
    keeps the record, marked as waiting, and the product does not see it. What the product
    shows of the other counts, as it was, while news of that waits in turn.
    """

    field: str
    stream: str
    to: str = "sid"


class Project(Protocol):
    """Carries records from the mirror into the product, in the transaction of their page."""

    def arrived(self) -> None:
        """Carry the new and changed records, which lie in ``stage_rows``."""
        ...

    def gone(self) -> None:
        """Take back those in ``stage_gone``: records as they were before they went."""
        ...

    def keys(self, record: str = "s") -> Sequence[str]:
        """Return SQL over the record, which is called so, for what names it in the product."""
        ...

    def shown(self, record: str) -> str:
        """Return SQL for whether the product shows a record; so it is called there."""
        ...


@dataclass(frozen=True)
class Stream:
    """A kind of record: its contract, its mirror table, and the projection into the product.

    ``unique`` names a field whose values are codes: what one record held, no other may ever take.
    """

    name: str
    entity: str
    fields: tuple[Field, ...]
    project: Project | None = None
    needs: tuple[Need, ...] = ()
    unique: str | None = None
    mirror: Table = field(init=False)

    def __post_init__(self) -> None:
        """Lay out the mirror."""
        object.__setattr__(self, "mirror", _mirror_of(self))

    def place(self, field: Field) -> str:
        """Return the place to which a sealed value of the field is bound."""
        return f"{self.entity}.{field.name}"

    def stored_columns(self) -> list[str]:
        """Return the names of the mirror's columns that hold the fields, in order."""
        names: list[str] = []
        for each in self.fields:
            names.append(each.column)
            if each.index:
                names.append(f"{each.name}_index")
        return names


def _mirror_of(stream: Stream) -> Table:
    def column(name: str, kind: Any, pii: Pii = Pii.INTERNAL, **options: Any) -> Column[Any]:
        return Column(name, kind, info={"pii": pii}, **options)

    columns = [
        column("source", Text, nullable=False),
        column("sid", Text, nullable=False),
        column("ver", BigInteger, nullable=False),
        column("hash", LargeBinary, nullable=False),
    ]
    for each in stream.fields:
        columns.append(column(each.column, LargeBinary if each.sealed else Text, each.pii))
        if each.index:
            columns.append(column(f"{each.name}_index", LargeBinary, each.pii))
    columns += [
        column("first_batch", BigInteger, nullable=False),
        column("last_batch", BigInteger, nullable=False),
        column("waits_for", Text),
        column("deleted_at", DateTime(timezone=True)),
        column("deleted_by", Text),
    ]
    name = f"src_{stream.name}"
    table = Table(name, Model.metadata, *columns, PrimaryKeyConstraint("source", "sid"))
    for attribute, condition in _indexes(stream).items():
        Index(f"ix_{name}_{attribute}", table.c[attribute], postgresql_where=condition)
    return table


def _indexes(stream: Stream) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    if stream.unique:
        found[stream.unique] = None
    for need in stream.needs:
        found[need.field] = text("waits_for IS NOT NULL")
    return found
