"""Registers that change seldom and are asked for often, kept in each process and kept fresh."""

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from app.database.session import read

STALE_AFTER = 5.0
T = TypeVar("T")


class Kept(Generic[T]):
    """Something built from a register, rebuilt within five seconds of a change to it.

    ``version`` is a query whose one row differs when the register does.
    """

    def __init__(self, version: str, build: Callable[[], T]) -> None:
        self._sql = version
        self._build = build
        self._lock = threading.Lock()
        self._value: T | None = None
        self._version: tuple[Any, ...] = ()
        self._checked = 0.0

    def get(self) -> T:
        """Return the value, asking for the register's version at most every five seconds."""
        if self._value is not None and time.monotonic() - self._checked < STALE_AFTER:
            return self._value
        with self._lock:
            version = tuple(read(self._sql)[0])
            if self._value is None or version != self._version:
                self._value, self._version = self._build(), version
            self._checked = time.monotonic()
            return self._value

    def forget(self) -> None:
        """Build anew at the next use."""
        self._value = None


def kept_rows(model: Any) -> Kept[list[Any]]:
    """Keep all rows of a small table, in the order of its key."""
    table, key = model.__tablename__, model.__mapper__.primary_key[0].name
    version = f"SELECT md5(string_agg(t::text, ',' ORDER BY {key})) FROM {table} t"  # noqa: S608
    return Kept(version, lambda: read(f"SELECT * FROM {table} ORDER BY {key}"))  # noqa: S608
