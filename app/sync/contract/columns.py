"""The contract compiled: a page of raw columns read at once, as a record by record reading would.

Each field's column is swept once for the texts that stand as they are (a kind's ``plain``
pattern); what is left, a few in a thousand of clean data, goes through the kind itself, one by one.
The kinds stay the only rule: nothing is accepted here that ``Kind.read`` would change or refuse.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.privacy import vault
from app.sync.connectors.protocol import Rows
from app.sync.contract.kinds import FieldRefused, Kind
from app.sync.contract.records import (
    GONE,
    ColumnsMissing,
    Reading,
    Records,
    Reject,
    Strings,
)
from app.sync.contract.stream import ENVELOPE, SID, VERSION, Stream

CANONICAL = 1
"""The first byte of every hash: the edition of these rules. A new edition wins over the old one
at the same version, so that a change of spelling here is no drift of the source."""

BETWEEN = "\x1f"  # no canonical text holds it
RAW_LIMIT = 20_000
SAMPLE, FEW = 500, 100
"""Where so many texts of a column are so few different ones, each of those is looked at once."""

HASHED_TOGETHER = 10_000  # records: their contents are held twice while they are hashed
COLUMN_NAME = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")
UNSAYABLE = "(a name that is none)"
WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), dtype=np.int32)
CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)


def read_rows(stream: Stream, rows: Rows) -> Reading:
    """Read a page of raw rows by the contract of its stream.

    Raises:
        ColumnsMissing: a required column is not in the table.
    """
    table = rows.table
    if rows.fixed and table.num_rows:
        _check_columns(stream, table.column_names)
    sweep = _Sweep(table)
    sid = sweep.read("sid", SID, required=True)
    ver = sweep.read("ver", VERSION, required=True)
    gone = _deletions(sweep)
    values = [sweep.read(f.name, f.kind, f.required, unless=gone) for f in stream.fields]
    rejects = [Reject(each.sid, each.code, "", each.raw[:RAW_LIMIT]) for each in rows.unreadable]
    rejects += sweep.rejects(sid)
    if sweep.faults:
        keep = pa.array(np.delete(np.arange(table.num_rows), sorted(sweep.faults)))
        sid, ver, gone = sid.take(keep), ver.take(keep), gone[keep.to_numpy()]
        values = [column.take(keep) for column in values]
    hashes = _hashes(sid, values, gone)
    records = Records(sid, ver.cast(pa.int64()), gone, hashes, tuple(values))
    known = {*ENVELOPE, *(f.name for f in stream.fields)}
    strange = sorted({_sayable(name) for name in table.column_names if name not in known})
    return Reading(records, rejects, strange, table.num_rows + len(rows.unreadable))


def _check_columns(stream: Stream, names: Sequence[str]) -> None:
    wanted = ["sid", "ver", *(f.name for f in stream.fields if f.required)]
    if missing := [name for name in wanted if name not in names]:
        raise ColumnsMissing(missing)


def _sayable(name: str) -> str:
    """Return a column's name if it looks like one: without a header it is somebody's data."""
    return name if COLUMN_NAME.fullmatch(name) else UNSAYABLE


class _Sweep:
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
        odd = np.flatnonzero(~_plain(kind, raw, required))
        if not len(odd):
            return raw
        fixed: list[str | None] = []
        for place, value in zip(odd.tolist(), raw.take(pa.array(odd)).to_pylist(), strict=True):
            fixed.append(self._read_one(place, name, kind, required, value, unless))
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

    def fault(self, places: Sequence[int], name: str, code: str) -> None:
        """Remember a fault of some rows."""
        for place in places:
            self.faults.setdefault(place, (name, code))

    def rejects(self, sid: Strings) -> list[Reject]:
        """Return the faulty rows as they came."""
        if not self.faults:
            return []
        places = sorted(self.faults)
        found = []
        for place, row in zip(places, self._table.take(pa.array(places)).to_pylist(), strict=True):
            name, code = self.faults[place]
            raw = json.dumps(row, ensure_ascii=False, default=str)[:RAW_LIMIT]
            found.append(Reject(sid[place].as_py() or "", code, name, raw))
        return found


def _deletions(sweep: _Sweep) -> Any:
    op = pc.fill_null(pc.utf8_upper(pc.utf8_trim_whitespace(sweep.column("op"))), "U")
    op = pc.if_else(pc.equal(op, ""), "U", op)
    gone = pc.equal(op, "D").to_numpy(zero_copy_only=False)
    known = pc.is_in(op, value_set=pa.array(["U", "D"])).to_numpy(zero_copy_only=False)
    sweep.fault(np.flatnonzero(~known).tolist(), "op", "NOT_A_CHOICE")
    return gone


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


def _hashes(sid: Strings, values: Sequence[Strings], gone: Any) -> bytes:
    """Return the keyed hash of each record: of its key and its canonical values."""
    parts = []
    for begin in range(0, len(sid), HASHED_TOGETHER):
        each = [column.slice(begin, HASHED_TOGETHER) for column in (sid, *values)]
        contents = pc.binary_join_element_wise(*each, BETWEEN, null_handling="replace")
        parts.append(vault.fingerprints(CANONICAL, contents.cast(pa.binary()).to_pylist()))
    hashes = b"".join(parts)
    if gone.any():
        found = bytearray(hashes)
        for place in np.flatnonzero(gone).tolist():
            found[16 * place : 16 * place + 16] = GONE
        return bytes(found)
    return hashes
