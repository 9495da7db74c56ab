"""The contract compiled: a page of raw columns read at once, as a record by record reading would.

Each field's column is swept once for the texts that stand as they are (a kind's ``plain``
pattern); what is left, a few in a thousand of clean data, goes through the kind itself, one by one.
The kinds stay the only rule: nothing is accepted here that ``Kind.read`` would change or refuse.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.privacy import vault
from app.sync.connectors.protocol import Rows
from app.sync.contract.joining import alike, joined
from app.sync.contract.records import (
    GONE,
    ColumnsMissing,
    Reading,
    Records,
    Reject,
    Strings,
)
from app.sync.contract.stream import ENVELOPE, SID, VERSION, Stream, key_as_read
from app.sync.contract.sweep import RAW_LIMIT, Sweep

CANONICAL = 1
"""The first byte of every hash: the edition of these rules. A new edition wins over the old one
at the same version, so that a change of spelling here is no drift of the source."""

BETWEEN = ("V1", b"\x1f")  # no canonical text holds it
HASHED_TOGETHER = 10_000  # records: their contents are held twice while they are hashed
COLUMN_NAME = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")
UNSAYABLE = "(a name that is none)"
ENOUGH = 100  # rows


def read_rows(stream: Stream, rows: Rows) -> Reading:
    """Read a page of raw rows by the contract of its stream.

    Raises:
        ColumnsMissing: a required column is not in the table.
    """
    table = rows.table
    if rows.fixed and table.num_rows:
        _check_columns(stream, table.column_names)
    sweep = Sweep(table)
    sid = sweep.read("sid", SID, required=True)
    ver = sweep.read("ver", VERSION, required=True)
    gone = _deletions(sweep)
    values = [sweep.read(f.name, f.kind, f.required, unless=gone) for f in stream.fields]
    rejects = [
        Reject(key_as_read(each.sid) or "", each.code, "", each.raw[:RAW_LIMIT])
        for each in rows.unreadable
    ]
    rejects += sweep.rejects(sid, ver)
    if sweep.faults:
        keep = pa.array(np.delete(np.arange(table.num_rows), sorted(sweep.faults)))
        sid, ver, gone = sid.take(keep), ver.take(keep), gone[keep.to_numpy()]
        values = [column.take(keep) for column in values]
    hashes = _hashes(sid, values, gone)
    records = Records(sid, ver.cast(pa.int64()), gone, hashes, tuple(values))
    known = {*ENVELOPE, *(f.name for f in stream.fields)}
    strange = sorted({_sayable(name) for name in table.column_names if name not in known})
    untold = _untold(stream, rows, int((~gone).sum()))
    count = table.num_rows + len(rows.unreadable)
    return Reading(records, rejects, strange, untold, rows.fixed, count)


def _untold(stream: Stream, rows: Rows, living: int) -> list[str]:
    """Return the optional fields that a page has no column for.

    Where each row names its own, a few rows without a field are no sign.
    """
    if living < (1 if rows.fixed else ENOUGH):
        return []
    there = set(rows.table.column_names)
    return [f.name for f in stream.fields if not f.required and f.name not in there]


def _check_columns(stream: Stream, names: Sequence[str]) -> None:
    wanted = ["sid", "ver", *(f.name for f in stream.fields if f.required)]
    if missing := [name for name in wanted if name not in names]:
        raise ColumnsMissing(missing)


def _sayable(name: str) -> str:
    """Return a column's name if it looks like one: without a header it is somebody's data."""
    return name if COLUMN_NAME.fullmatch(name) else UNSAYABLE


def _deletions(sweep: Sweep) -> Any:
    op = pc.fill_null(pc.utf8_upper(pc.utf8_trim_whitespace(sweep.column("op"))), "U")
    op = pc.if_else(pc.equal(op, ""), "U", op)
    gone = pc.equal(op, "D").to_numpy(zero_copy_only=False)
    known = pc.is_in(op, value_set=pa.array(["U", "D"])).to_numpy(zero_copy_only=False)
    sweep.fault(np.flatnonzero(~known).tolist(), "op", "NOT_A_CHOICE")
    return gone


def _contents(columns: Sequence[Strings]) -> Any:
    """Return what is hashed of each record: its texts, and a mark between two."""
    pieces: list[Any] = []
    for column in columns:
        steady = alike(column)
        pieces += [BETWEEN, column if steady is None else (steady.dtype, steady)]
    return joined(pieces[1:], len(columns[0]))


def _hashes(sid: Strings, values: Sequence[Strings], gone: Any) -> bytes:
    """Return the keyed hash of each record: of its key and its canonical values."""
    parts = []
    for begin in range(0, len(sid), HASHED_TOGETHER):
        each = [column.slice(begin, HASHED_TOGETHER) for column in (sid, *values)]
        parts.append(vault.fingerprints(CANONICAL, _contents(each).to_pylist()))
    hashes = b"".join(parts)
    if gone.any():
        found = bytearray(hashes)
        for place in np.flatnonzero(gone).tolist():
            found[16 * place : 16 * place + 16] = GONE
        return bytes(found)
    return hashes
