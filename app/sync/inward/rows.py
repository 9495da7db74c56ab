"""Records laid into rows for COPY: their keys to be compared, and whole rows for the mirror."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.privacy import vault
from app.sync.contract.records import Records, Strings
from app.sync.contract.stream import Stream
from app.sync.inward.tuples import LENGTH, WHOLE, Laid, array_of, laid

KEY_COLUMNS = ("ord", "sid", "ver", "hash", "gone")
HASH_BYTES = 16
AT_A_TIME = 10_000  # rows: what a value costs on its way is paid for a part of a page at a time


def row_columns(stream: Stream) -> list[str]:
    """Return the mirror's columns that ``rows_laid`` fills, in its order."""
    stored = stream.stored_columns()
    return ["source", "sid", "ver", "hash", *stored, "first_batch", "last_batch"]


def keys_laid(records: Records) -> list[Laid]:
    """Return (ord, sid, ver, hash, gone) of each record."""
    places = np.arange(len(records), dtype=LENGTH)
    return [laid([places, records.sid, _versions(records), _hashes(records), records.gone])]


def seen_laid(run: int, first: int, records: Records) -> list[Laid]:
    """Return (run, ord, sid, ver, hash) of each record that lives, counted from ``first``."""
    if records.gone.any():
        records = picked(records, np.flatnonzero(~records.gone).tolist())
    rows = len(records)
    runs, places = np.full(rows, run, WHOLE), np.arange(first, first + rows, dtype=WHOLE)
    return [laid([runs, places, records.sid, _versions(records), _hashes(records)])]


def rows_laid(stream: Stream, source: str, batch: int, records: Records, places: Any) -> list[Laid]:
    """Return the mirror's rows of the records at ``places`` (None: all), personal fields sealed."""
    if places is not None:
        records = picked(records, places)
    starts = range(0, len(records), AT_A_TIME)
    return [_rows(stream, source, batch, part(records, begin, AT_A_TIME)) for begin in starts]


def _rows(stream: Stream, source: str, batch: int, records: Records) -> Laid:
    rows = len(records)
    stored: list[Any] = []
    for field, values in zip(stream.fields, records.values, strict=True):
        sealed = _sealed(stream.place(field), records.sid, values) if field.sealed else values
        stored.append(sealed)
        if field.index:
            stored.append(_each(values, partial(vault.index_many, field.index)))
    number, name = np.full(rows, batch, WHOLE), pa.repeat(pa.scalar(source), rows)
    before = [name, records.sid, _versions(records), _hashes(records)]
    return laid([*before, *stored, number, number])


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


def _versions(records: Records) -> Any:
    return records.ver.to_numpy().astype(WHOLE)


def _hashes(records: Records) -> Any:
    return np.frombuffer(records.hashes, dtype=f"V{HASH_BYTES}")


def _sealed(place: str, sid: Strings, values: Strings) -> Any:
    keys = _as_bytes(sid.filter(pc.is_valid(values)) if values.null_count else sid)
    return _each(values, partial(vault.seal_many, place, keys))


def _each(values: Strings, work: Callable[[list[bytes]], list[bytes]]) -> Any:
    """Apply ``work`` to the texts there are, and leave the others null."""
    if not values.null_count:
        return array_of(work(_as_bytes(values)))
    there = pc.is_valid(values)
    found = array_of(work(_as_bytes(values.filter(there))))
    return pc.replace_with_mask(pa.nulls(len(values), pa.binary()), there, found)


def _as_bytes(texts: Strings) -> list[bytes]:
    found: list[bytes] = texts.cast(pa.binary()).to_pylist()
    return found
