"""Whole columns told at a glance: by their letters, where a pattern is asked of each text.

A glance says that all texts of a column stand as they are, or nothing at all. It costs a tenth to
a half of what the pattern does, and clean columns, nearly all there are, need nothing else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.sync.contract.joining import stretch
from app.sync.contract.kinds import CALENDAR, Kind
from app.sync.contract.letters import Letters
from app.sync.contract.records import Strings

ASCII, BYTES, CODE_UNITS = 1 << 7, 1 << 8, 1 << 16
INSIDE = slice(0x80, 0xC0)
"""Bytes within a letter of UTF-8: where no text begins with one, none ends in half a letter."""

FIRST_DAY = "0001-01-01"


def all_plain(kind: Kind, texts: Strings, required: bool) -> bool:
    """Tell whether all texts stand as they are; there may be none where none is required."""
    if kind.glance is None or (required and texts.null_count):
        return False
    there = texts.drop_null() if texts.null_count else texts
    if not len(there):
        return True
    if isinstance(kind.glance, Letters):
        return _Tables.of(kind.glance).hold(there)
    return GLANCES[kind.glance](there)


def _all_days(texts: Strings) -> bool:
    """Tell whether all are days of the calendar as ISO 8601 writes them."""
    try:
        days = texts.cast(pa.date32())
    except pa.ArrowInvalid:
        return False
    first: Any = pa.scalar(FIRST_DAY).cast(pa.date32())
    return bool(pc.greater_equal(pc.min(days), first).as_py())


GLANCES: Mapping[str, Callable[[Strings], bool]] = {CALENDAR: _all_days}


@dataclass(frozen=True, slots=True)
class _Tables:
    """Letters, looked up by number: all by their code unit of UTF-16, those at an end by a byte."""

    within: Any
    first: Any
    last: Any
    ascii: bytes
    most: int

    @classmethod
    @cache
    def of(cls, letters: Letters) -> Self:
        within = _found(letters.within, CODE_UNITS)
        ends = [_at_end(each or letters.within) for each in (letters.first, letters.last)]
        ends[0][INSIDE] = False
        ascii_letters = bytes(np.flatnonzero(within[:ASCII]).tolist())
        return cls(within, ends[0], ends[1], ascii_letters, letters.most)

    def hold(self, texts: Strings) -> bool:
        """Tell whether all texts are of these letters.

        They may have as many bytes as letters: what is longer is left to the pattern.
        """
        places, content = stretch(texts)
        lengths = np.diff(places)
        if lengths.min() < 1 or lengths.max() > self.most:
            return False
        written = np.frombuffer(content, np.uint8)
        at_ends = self.first[written[places[:-1]]], self.last[written[places[1:] - 1]]
        if not (at_ends[0].all() and at_ends[1].all()):
            return False
        letters = bytes(content)
        return not letters.translate(None, self.ascii) or self._hold_others(letters)

    def _hold_others(self, letters: bytes) -> bool:
        """Tell the same of letters that are not all ASCII, with what no text may hold half of."""
        try:
            units = np.frombuffer(letters.decode().encode("utf-16-le"), "<u2")
        except UnicodeDecodeError:
            return False
        return bool(self.within[units].all())


def _found(letters: str, units: int) -> Any:
    found = np.zeros(units, bool)
    found[list(map(ord, re.findall(f"[{letters}]", "".join(map(chr, range(units))))))] = True
    return found


def _at_end(letters: str) -> Any:
    """Tell of each byte whether a text may have it there; what is not ASCII is looked up whole."""
    found = np.ones(BYTES, bool)
    found[:ASCII] = _found(letters, ASCII)
    return found
