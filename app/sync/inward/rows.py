"""Records as text for COPY: their keys to be compared, and whole rows for the mirror."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from app.database.bulk import COPY_DELIMITER, COPY_ESCAPES
from app.privacy import vault
from app.sync.contract.records import Records, Strings
from app.sync.contract.stream import Stream

# No canonical text holds the delimiter, and quotes mean nothing to COPY's own text.
PLAIN = csv.WriteOptions(include_header=False, quoting_style="none", delimiter=COPY_DELIMITER)
BACKSLASH = ord("\\")
KEY_COLUMNS = ("ord", "sid", "ver", "hash", "gone")
HASH_BYTES = 16
AT_A_TIME = 10_000  # rows: what a value costs on its way is paid for a part of a page at a time

Text = Any
"""A piece of what COPY is given: pyarrow's bytes."""


def row_columns(stream: Stream) -> list[str]:
    """Return the mirror's columns that ``rows_text`` fills, in its order."""
    stored = stream.stored_columns()
    return ["source", "sid", "ver", "hash", *stored, "first_batch", "last_batch"]


def keys_text(records: Records) -> list[Text]:
    """Return (ord, sid, ver, hash, gone) of each record."""
    rows = len(records)
    columns = [
        pa.array(np.arange(rows, dtype=np.int32)),
        records.sid,
        records.ver,
        _hex(records.hashes, np.arange(rows + 1) * HASH_BYTES),
        pa.array(records.gone),
    ]
    return _written(columns)


def seen_text(run: int, first: int, records: Records) -> list[Text]:
    """Return (run, ord, sid, ver, hash) of each record that lives, counted from ``first``."""
    if records.gone.any():
        records = picked(records, np.flatnonzero(~records.gone).tolist())
    rows = len(records)
    columns = [
        pa.repeat(pa.scalar(run, pa.int64()), rows),
        pa.array(np.arange(first, first + rows)),
        records.sid,
        records.ver,
        _hex(records.hashes, np.arange(rows + 1) * HASH_BYTES),
    ]
    return _written(columns)


def rows_text(stream: Stream, source: str, batch: int, records: Records, places: Any) -> list[Text]:
    """Return the mirror's rows of the records at ``places`` (None: all), personal fields sealed."""
    if places is not None:
        records = picked(records, places)
    text = []
    for begin in range(0, len(records), AT_A_TIME):
        text += _rows(stream, source, batch, part(records, begin, AT_A_TIME))
    return text


def _rows(stream: Stream, source: str, batch: int, records: Records) -> list[Text]:
    rows = len(records)
    stored: list[Any] = []
    free = []
    for field, values in zip(stream.fields, records.values, strict=True):
        if field.sealed:
            stored.append(_sealed(stream.place(field), records.sid, values))
        else:
            stored.append(values)
            free.append(values)
        if field.index:
            stored.append(_each(values, lambda texts, f=field: vault.index_many(f.index, texts)))
    number = pa.repeat(pa.scalar(batch, pa.int64()), rows)
    hashes = _hex(records.hashes, np.arange(rows + 1) * HASH_BYTES)
    name = pa.repeat(pa.scalar(source), rows)
    return _written([name, records.sid, records.ver, hashes, *stored, number, number], free)


def picked(records: Records, places: Sequence[int]) -> Records:
    """Return some of the records, in the order of ``places``."""
    chosen = pa.array(places, pa.int64())
    square = np.frombuffer(records.hashes, dtype=np.uint8).reshape(-1, HASH_BYTES)
    return Records(
        records.sid.take(chosen),
        records.ver.take(chosen),
        records.gone[chosen.to_numpy()],
        square[chosen.to_numpy()].tobytes(),
        tuple(column.take(chosen) for column in records.values),
    )


def part(records: Records, begin: int, length: int) -> Records:
    """Return some records that lie together; nothing but hashes is copied."""
    return Records(
        records.sid.slice(begin, length),
        records.ver.slice(begin, length),
        records.gone[begin : begin + length],
        records.hashes[HASH_BYTES * begin : HASH_BYTES * (begin + length)],
        tuple(column.slice(begin, length) for column in records.values),
    )


def _sealed(place: str, sid: Strings, values: Strings) -> Any:
    keys = _as_bytes(sid.filter(pc.is_valid(values)) if values.null_count else sid)
    return _each(values, lambda texts: vault.seal_many(place, keys, texts))


def _each(values: Strings, work: Any) -> Any:
    """Apply ``work`` to the texts there are, and leave the others null."""
    if not values.null_count:
        return _bytes(work(_as_bytes(values)))
    there = pc.is_valid(values)
    found = _bytes(work(_as_bytes(values.filter(there))))
    return pc.replace_with_mask(pa.nulls(len(values), pa.string()), there, found)


def _as_bytes(texts: Strings) -> list[bytes]:
    found: list[bytes] = texts.cast(pa.binary()).to_pylist()
    return found


def _bytes(parts: Sequence[bytes]) -> Any:
    """Return the parts as COPY reads bytea, in one piece of work."""
    ends = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=ends[1:])
    return _hex(b"".join(parts), ends)


def _hex(content: bytes, ends: Any) -> Any:
    offsets = pa.py_buffer((ends * 2).astype(np.int32).tobytes())
    digits = pa.py_buffer(content.hex().encode())
    bare = pa.StringArray.from_buffers(len(ends) - 1, offsets, digits)
    return pc.binary_join_element_wise("\\\\x", bare, "")


def _written(columns: Sequence[Any], free: Sequence[Strings] = ()) -> list[Text]:
    """Return rows as COPY reads them; ``free`` are those columns that may hold any sign."""
    if not any(_holds_backslash(each) for each in free):
        names = [str(place) for place in range(len(columns))]
        out = pa.BufferOutputStream()
        with suppress(pa.ArrowInvalid):  # somewhere there is a quote or a line break
            csv.write_csv(pa.Table.from_arrays(list(columns), names=names), out, PLAIN)
            return [out.getvalue()]
    return [_escaped(columns, free)]


def _holds_backslash(texts: Strings) -> bool:
    _, ends, content = texts.buffers()
    if content is None:
        return False
    begin, end = np.frombuffer(ends, np.int32, len(texts) + 1, texts.offset * 4)[[0, -1]]
    return bool((np.frombuffer(content, np.uint8)[begin:end] == BACKSLASH).any())


def _escaped(columns: Sequence[Any], free: Sequence[Strings]) -> Text:
    parts, any_sign = [], {id(each) for each in free}
    for column in columns:
        texts = column.cast(pa.large_string())
        for sign, written in COPY_ESCAPES if id(column) in any_sign else ():
            texts = pc.replace_substring(texts, sign, written)
        parts.append(texts)
    between = pa.scalar(COPY_DELIMITER, pa.large_string())
    lines = pc.binary_join_element_wise(*parts, between, null_handling="replace")
    return "".join(f"{line}\n" for line in lines.to_pylist()).encode()
