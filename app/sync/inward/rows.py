"""Records laid into rows for COPY: their keys to be compared, and whole rows for the mirror."""

from collections.abc import Sequence
from itertools import compress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.privacy import vault
from app.privacy.vault import INDEX_BYTES, SEALED_MORE
from app.sync.contract.joining import array_of, stretch
from app.sync.contract.records import Records, Strings
from app.sync.contract.stream import Field, Stream
from app.sync.inward.tuples import LENGTH, WHOLE, Laid, laid

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
    rows, stored, keys = len(records), list[Any](), _as_bytes(records.sid)
    for field, values in zip(stream.fields, records.values, strict=True):
        stored += _stored(stream, field, keys, values)
    number, name = np.full(rows, batch, WHOLE), pa.repeat(pa.scalar(source), rows)
    before = [name, records.sid, _versions(records), _hashes(records)]
    return laid([*before, *stored, number, number])


def _stored(stream: Stream, field: Field, keys: list[bytes], values: Strings) -> list[Any]:
    """Return the columns of a field: its values, sealed if they are personal, and its index."""
    if not (field.sealed or field.index):
        return [values]
    there = values.drop_null()
    texts, found = _as_bytes(there), [values]
    if field.sealed:
        whose = keys if len(there) == len(keys) else compress(keys, values.is_valid().to_pylist())
        sealed = vault.seal_many(stream.place(field), list(whose), texts)
        ends = stretch(there)[0] + SEALED_MORE * np.arange(len(there) + 1)
        found = [_where(values, ends, sealed)]
    if field.index:
        ends = INDEX_BYTES * np.arange(len(there) + 1)
        found.append(_where(values, ends, vault.index_many(field.index, texts)))
    return found


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


def _where(values: Strings, ends: Any, content: bytes) -> Any:
    """Return what was made of the values there are, and null in place of the others."""
    found = array_of(ends.astype(np.int32), content)
    if not values.null_count:
        return found
    return pc.replace_with_mask(pa.nulls(len(values), pa.binary()), values.is_valid(), found)


def _as_bytes(texts: Strings) -> list[bytes]:
    found: list[bytes] = texts.cast(pa.binary()).to_pylist()
    return found
