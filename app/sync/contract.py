"""What a record of the district is: the fields of a stream, and how a raw row becomes a record."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Table, Text

from app.database import Model
from app.privacy import Pii, vault
from app.sync.kinds import FieldRefused, Kind, whole
from app.sync.kinds import key as key_kind

VERSION = whole(1, 2**62)
MISSHAPEN = "?"
"""Where a connector puts what it could not lay into columns."""


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


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not a record: a code, the field if it is one, and the row as it came."""

    sid: str
    code: str
    field: str
    raw: str


@dataclass(frozen=True, slots=True)
class Record:
    """A row that is one; ``values`` are canonical and in the order of the stream's fields."""

    sid: str
    ver: int
    hash: bytes
    values: tuple[str | None, ...]


Project = Callable[["Stream"], None]


@dataclass(frozen=True)
class Stream:
    """A kind of record: its contract, its mirror table, and the projection into the product.

    ``project`` runs in the batch's transaction and reads the changed rows from ``stage_rows``.
    """

    name: str
    entity: str
    fields: tuple[Field, ...]
    project: Project
    mirror: Table = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mirror", _mirror_of(self))

    def read(self, row: Mapping[str, Any]) -> Record | Reject:
        """Check one raw row; a connector has refused extra columns before."""
        sid = ""
        if MISSHAPEN in row:
            return Reject(sid, "WRONG_NUMBER_OF_CELLS", "", _raw(row))
        try:
            sid = key_kind(_text(row.get("sid")))
            ver = int(VERSION(_text(row.get("ver"))))
        except FieldRefused as fault:
            return Reject(sid, fault.code, "ver" if sid else "sid", _raw(row))
        values: list[str | None] = []
        for each in self.fields:
            text = _text(row.get(each.name))
            try:
                if text.strip():
                    values.append(each.kind(text))
                elif each.required:
                    raise FieldRefused("MISSING")
                else:
                    values.append(None)
            except FieldRefused as fault:
                return Reject(sid, fault.code, each.name, _raw(row))
        content = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        return Record(sid, ver, vault.fingerprint(content), tuple(values))

    def stored(self, record: Record) -> list[object]:
        """Return the record's values as the mirror stores them, personal ones sealed."""
        found: list[object] = []
        for each, value in zip(self.fields, record.values, strict=True):
            place = f"{self.entity}.{each.name}"
            if not each.sealed:
                found.append(value)
            else:
                found.append(None if value is None else vault.seal(place, record.sid, value))
            if each.index:
                found.append(None if value is None else vault.index(each.index, value))
        return found

    def stored_columns(self) -> list[str]:
        """Return the names of the mirror's columns that ``stored`` fills, in its order."""
        names: list[str] = []
        for each in self.fields:
            names.append(f"{each.name}_sealed" if each.sealed else each.name)
            if each.index:
                names.append(f"{each.name}_index")
        return names


def _mirror_of(stream: Stream) -> Table:
    def column(name: str, kind: Any, pii: Pii, **options: Any) -> Column[Any]:
        return Column(name, kind, info={"pii": pii}, **options)

    columns = [
        column("source", Text, Pii.INTERNAL, nullable=False),
        column("sid", Text, Pii.INTERNAL, nullable=False),
        column("ver", BigInteger, Pii.INTERNAL, nullable=False),
        column("hash", LargeBinary, Pii.INTERNAL, nullable=False),
    ]
    for each in stream.fields:
        if each.sealed:
            columns.append(column(f"{each.name}_sealed", LargeBinary, each.pii))
        else:
            columns.append(column(each.name, Text, each.pii))
        if each.index:
            columns.append(column(f"{each.name}_index", LargeBinary, each.pii))
    columns += [
        column("first_batch", BigInteger, Pii.INTERNAL, nullable=False),
        column("last_batch", BigInteger, Pii.INTERNAL, nullable=False),
    ]
    name = f"src_{stream.name}"
    return Table(name, Model.metadata, *columns, PrimaryKeyConstraint("source", "sid"))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | dict | list):
        return json.dumps(value, ensure_ascii=False)
    raise FieldRefused("NOT_TEXT")


def _raw(row: Mapping[str, Any]) -> str:
    return json.dumps(row, default=str)[:20_000]
