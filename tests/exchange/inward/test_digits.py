"""MD5 of a column of texts is MD5 of each text, as any database reckons it."""

import hashlib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.inward.digits import SHORT, TOGETHER, first_digits

texts = st.lists(st.text(max_size=70), max_size=30)


def one_by_one(each: list[str]) -> list[int]:
    return [int(hashlib.md5(one.encode()).hexdigest()[:15], 16) for one in each]


@given(texts, st.integers(0, 5))
def test_each_text_has_the_digits_that_md5_gives_it(each: list[str], begin: int) -> None:
    """Short and long, empty and not ASCII, and of a part of a longer column."""
    assert first_digits(pa.array(each, pa.string()).slice(begin)).tolist() == one_by_one(
        each[begin:]
    )


@pytest.mark.parametrize("length", [0, 1, SHORT - 1, SHORT, SHORT + 1, 64, 200])
def test_a_text_that_just_fills_its_block_is_no_exception(length: int) -> None:
    alike = ["x" * length, "y" * length]
    for each in (alike, [*alike, "R0000000001"]):
        assert first_digits(pa.array(each)).tolist() == one_by_one(each)


def test_so_have_more_texts_than_are_taken_at_a_time() -> None:
    each = [f"R{number:010}" for number in range(2 * TOGETHER + 3)]
    assert first_digits(pa.array(each)).tolist() == one_by_one(each)
