"""Rows made of columns are what stands in them, whether it is as long in all rows or not."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from app.sync.contract.joining import alike, joined

SHORT = st.text(max_size=3) | st.sampled_from(("01", "丹", "街")) | st.none()
ROWS = st.lists(st.tuples(SHORT, SHORT, SHORT), max_size=5)
EQUAL = st.lists(st.tuples(*(st.sampled_from(("ab", "cd")),) * 3), max_size=5)


@given(ROWS | EQUAL, st.integers(0, 3))
def test_rows_are_their_texts_end_to_end(
    rows: list[tuple[str | None, str | None, str | None]], begin: int
) -> None:
    columns = [pa.array([row[n] for row in rows], pa.string()).slice(begin) for n in range(3)]
    mark = ("V1", b"\x1f")
    pieces: list[object] = []
    for column in columns:
        same = alike(column)
        pieces += [mark, column if same is None else (same.dtype, same)]
    found = joined(pieces, len(columns[0])).to_pylist()
    expected = ["".join(f"\x1f{text or ''}" for text in row).encode() for row in rows[begin:]]
    assert found == expected


def test_only_what_is_there_and_equally_long_stands_in_a_block() -> None:
    def bytes_of(*texts: str | None) -> list[bytes] | None:
        found = alike(pa.array(texts, pa.string()))
        return None if found is None else [bytes(each) for each in found]

    assert bytes_of("210603", "210604") == [b"210603", b"210604"]
    assert bytes_of("a", "bcd", "ef") is None  # as long together as three of two
    assert bytes_of("丹", "abc") == ["丹".encode(), b"abc"]
    assert bytes_of("ab", None) is None
    assert bytes_of("", "") is None
    assert bytes_of() is None


def test_numbers_and_bytes_stand_between_texts() -> None:
    texts = pa.array(["a", "bcd"], pa.string())
    pieces = [(">i2", 7), texts, (">i4", np.array([1, 2])), ("V1", b"."), texts]
    assert joined(pieces, 2).to_pylist() == [
        b"\0\7a\0\0\0\1.a",
        b"\0\7bcd\0\0\0\2.bcd",
    ]
