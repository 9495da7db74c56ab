"""Rows are laid into columns some hundred kilobytes at a time, and nobody sees where."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sync.connectors.files import csv_rows
from tests.exchange.files.leaving import leave, take

HEADER = "sid,ver,note"
ROW = st.tuples(st.sampled_from(["丹", "a", '"x,\n""y"""']), st.integers(0, 40), st.booleans())


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def line_of(place: int, text: str, times: int, whole: bool) -> str:
    cell = text if text.startswith('"') else text * times
    return f"R{place},1,{cell}{'' if whole else ',too,many'}\n"


@settings(deadline=None, max_examples=200)
@given(st.lists(ROW, max_size=12), st.integers(4, 90))
def test_rows_longer_than_a_block_are_read_and_bad_ones_are_told_once(
    folder: Path, rows: list[tuple[str, int, bool]], block: int
) -> None:
    lines = [line_of(place, *row) for place, row in enumerate(rows)]
    drop = leave(folder, "".join([HEADER + "\n", *lines]).encode(), len(rows))
    whole = take(drop, size=100)
    with patch.object(csv_rows, "BLOCK", block):
        taken = take(drop, size=100)
    assert taken.records == whole.records
    assert taken.unreadable == whole.unreadable
    good = [f"R{place}" for place, (_, _, fits) in enumerate(rows) if fits]
    assert [record["sid"] for record in taken.records] == good
    assert [each.sid for each in taken.unreadable] == [
        f"R{place}" for place, (_, _, fits) in enumerate(rows) if not fits
    ]
