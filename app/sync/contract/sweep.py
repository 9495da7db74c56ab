"""One column of raw texts after the other, swept for those that stand as they are."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.sync.contract.glance import all_plain
from app.sync.contract.kinds import PRECISION_LOST, FieldRefused, Kind
from app.sync.contract.records import Reject, Strings
from app.sync.contract.rounding import doubtful

RAW_LIMIT = 20_000
SAMPLE, FEW = 500, 100
"""Where so many texts of a column are so few different ones, each of those is looked at once."""

GLANCED = 2000
"""So many texts of a column are told at a glance; of an odd one's neighbours no more are asked."""

WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), dtype=np.int32)
CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)


class Sweep:
    """Reads one column after the other and remembers the first fault of each row."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table.combine_chunks()
        self.faults: dict[int, tuple[str, str]] = {}

    def column(self, name: str) -> Strings:
        """Return a raw column; one that is not there holds nothing."""
        if name not in self._table.column_names:
            return pa.nulls(self._table.num_rows, pa.string())
        found = self._table[name]
        if found.num_chunks != 1:
            return pa.concat_arrays(found.chunks) if found.num_chunks else pa.array([], pa.string())
        return found.chunk(0)

    def read(self, name: str, kind: Kind, required: bool, unless: Any = None) -> Strings:
        """Return a column's canonical texts; rows where ``unless`` need not have any."""
        raw = self.column(name)
        odd = _odd(kind, raw, required)
        if not len(odd):
            return raw
        fixed: list[str | None] = []
        for place, value in zip(odd.tolist(), raw.take(pa.array(odd)).to_pylist(), strict=True):
            fixed.append(self._read_one(place, name, kind, required, value, unless))
        if kind.check_digit:
            self._doubt(name, raw, unless)
        if len(odd) == len(raw):
            return pa.array(fixed, pa.string())
        mask = np.zeros(len(raw), bool)
        mask[odd] = True
        return pc.replace_with_mask(raw, pa.array(mask), pa.array(fixed, pa.string()))

    def _read_one(
        self, place: int, name: str, kind: Kind, required: bool, value: str | None, unless: Any
    ) -> str | None:
        if unless is not None and unless[place]:
            return None
        try:
            if value is not None and value.strip():
                return kind(value)
            if required:
                raise FieldRefused("MISSING")
        except FieldRefused as fault:
            self.faults.setdefault(place, (name, fault.code))
        return None

    def _doubt(self, name: str, raw: Strings, unless: Any) -> None:
        """Refuse the numbers that look right among those that a spreadsheet has rounded."""
        lost = (name, PRECISION_LOST)
        wrong = [place for place, fault in self.faults.items() if fault == lost]
        for place in doubtful(raw, wrong) if wrong else ():
            if unless is None or not unless[place]:
                self.faults.setdefault(place, lost)

    def fault(self, places: Sequence[int], name: str, code: str) -> None:
        """Remember a fault of some rows."""
        for place in places:
            self.faults.setdefault(place, (name, code))

    def rejects(self, sid: Strings, ver: Strings) -> list[Reject]:
        """Return the faulty rows as they came."""
        if not self.faults:
            return []
        places = sorted(self.faults)
        found = []
        for place, row in zip(places, self._table.take(pa.array(places)).to_pylist(), strict=True):
            name, code = self.faults[place]
            raw = json.dumps(row, ensure_ascii=False, default=str)[:RAW_LIMIT]
            said = ver[place].as_py()
            found.append(Reject(sid[place].as_py() or "", code, name, raw, said and int(said)))
        return found


def _odd(kind: Kind, raw: Strings, required: bool) -> Any:
    """Return where the texts are that have to be read one by one."""
    size = GLANCED if kind.glance else max(1, len(raw))
    parts = [(begin, raw.slice(begin, size)) for begin in range(0, len(raw), size)]
    left = [(begin, part) for begin, part in parts if not all_plain(kind, part, required)]
    if not left:
        return np.empty(0, np.int64)
    places = np.concatenate([np.arange(begin, begin + len(part)) for begin, part in left])
    # All at once: to make a pattern ready costs as much as to ask it of thousands.
    return places[~_plain(kind, pa.concat_arrays([part for _, part in left]), required)]


def _plain(kind: Kind, raw: Strings, required: bool) -> Any:
    """Tell for each text whether it stands as it is; none does where none is required."""
    if kind.plain is None:
        return np.zeros(len(raw), bool) if required else pc.is_null(raw).to_numpy(False)
    matched = _matched(raw, f"^(?:{kind.plain})$")
    plain = pc.fill_null(matched, not required).to_numpy(zero_copy_only=False)
    if kind.check_digit:
        places = np.flatnonzero(plain & pc.is_valid(raw).to_numpy(False))
        plain = plain.copy()
        plain[places] = _completes(raw.take(pa.array(places)))
    return plain


def _matched(raw: Strings, pattern: str) -> Any:
    """Tell for each text whether it matches; null where there is none."""
    if len(raw) <= SAMPLE or len(raw.slice(0, SAMPLE).unique()) > FEW:
        return pc.match_substring_regex(raw, pattern)
    coded = raw.dictionary_encode()
    return pc.match_substring_regex(coded.dictionary, pattern).take(coded.indices)


def _completes(numbers: Strings) -> Any:
    """Tell for each number of 18 characters whether its last one completes it (ISO 7064)."""
    if not len(numbers):
        return np.zeros(0, bool)
    begin = 18 * numbers.offset  # all of them have 18 bytes, and none is null
    letters = np.frombuffer(numbers.buffers()[2], dtype=np.uint8)[begin:]
    square = letters[: 18 * len(numbers)].reshape(-1, 18)
    sums = (square[:, :17].astype(np.int32) - ord("0")) @ WEIGHTS
    return CHECKS[sums % 11] == square[:, 17]
