"""What each column holds. A house test fails on a column without a tag.

``personal`` and ``sensitive`` columns (PIPL art. 28: identity numbers, whereabouts, all data of
children under 14) hold sealed bytes or a keyed index, never plain text.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.orm import MappedColumn, mapped_column


class Pii(StrEnum):
    """The five classes of data, the mildest first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SECRET = "secret"  # noqa: S105  the name of a class of data


def public(*args: Any, **options: Any) -> MappedColumn[Any]:
    """Return a column that anybody may read: names of areas, matters, opening hours."""
    return mapped_column(*args, info={"pii": Pii.PUBLIC}, **options)


def internal(*args: Any, **options: Any) -> MappedColumn[Any]:
    """Return a column of the platform's own workings: ids, states, times, counters."""
    return mapped_column(*args, info={"pii": Pii.INTERNAL}, **options)


def personal(**options: Any) -> MappedColumn[Any]:
    """Return a column of sealed bytes or a keyed index of something personal."""
    return mapped_column(LargeBinary, info={"pii": Pii.PERSONAL}, **options)


def sensitive(**options: Any) -> MappedColumn[Any]:
    """Return a column of sealed bytes or a keyed index of something sensitive."""
    return mapped_column(LargeBinary, info={"pii": Pii.SENSITIVE}, **options)


def secret(**options: Any) -> MappedColumn[Any]:
    """Return a column of a hash of something that lets people in: codes, tokens."""
    return mapped_column(LargeBinary, info={"pii": Pii.SECRET}, **options)
