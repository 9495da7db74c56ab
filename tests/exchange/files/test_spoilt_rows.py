"""A spoilt row costs itself and is shown; it costs no other row, and no character is guessed."""

from pathlib import Path

import pytest

from app.sync.connectors.files.walk import CHUNK
from tests.exchange.files.leaving import leave, take

HEADER = b"sid,ver,name\n"
BEFORE = b"R1,1,a\nR2,1,b\n"
AFTER = b"R8,1,y\nR9,1,z\n"
NEIGHBOURS = ["R1", "R2", "R8", "R9"]

SPOILT = {
    "a quote inside a cell": (b'R3,1,5" pipe\n', "STRAY_QUOTE"),
    "two quotes inside a cell": (b'R3,1,5" x 6" pipe\n', "STRAY_QUOTE"),
    "an open quote": (b'R3,1,"c\n', "STRAY_QUOTE"),
    "text behind a quote": (b'R3,1,"c"d\n', "STRAY_QUOTE"),
    "a line end of another age": (b"R3,1,c\rd\n", "STRAY_LINE_END"),
    "too few cells": (b"R3,1\n", "WRONG_NUMBER_OF_CELLS"),
    "too many cells": (b"R3,1,c,d\n", "WRONG_NUMBER_OF_CELLS"),
    "a byte that means nothing": (b"R3,1,\xff\n", "BAD_BYTES"),
    "half a character": (b"R3,1,\xe4\xb8\n", "BAD_BYTES"),
    "half a pair": (b"R3,1,\xed\xa0\x80\n", "BAD_BYTES"),
    "the other encoding": ("R3,1,试\n".encode("gb18030"), "BAD_BYTES"),
    "bad bytes and too few cells": (b"R3,\xff\n", "BAD_BYTES"),
}


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize(("line", "code"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_row_costs_itself(tmp_path: Path, line: bytes, code: str, size: int) -> None:
    taken = take(leave(tmp_path, HEADER + BEFORE + line + AFTER, 5), size=size)
    assert taken.sids == NEIGHBOURS
    (spoilt,) = taken.unreadable
    assert (spoilt.code, spoilt.sid) == (code, "R3")
    assert spoilt.raw.startswith("R3,")


@pytest.mark.parametrize("line", [b"R3,1,\x81\n", b"R3,1,\xff\xff\n", b"R3,1,\x84\x31\n"])
def test_bad_bytes_of_gb18030_cost_their_row(tmp_path: Path, line: bytes) -> None:
    good = "R1,1,㐂\nR2,1,试\n".encode("gb18030")
    taken = take(leave(tmp_path, HEADER + good + line + AFTER, 5, encoding="gb18030"))
    assert taken.sids == NEIGHBOURS
    assert taken.records[1]["name"] == "试"
    assert taken.codes == ["BAD_BYTES"]


def test_an_open_quote_does_not_swallow_the_quoted_rows_behind_it(tmp_path: Path) -> None:
    rows = b"".join(b'"R%d","1","n"\n' % n for n in range(100, 200))
    taken = take(leave(tmp_path, HEADER + b'"R1","1","a\n' + rows, 101))
    assert len(taken.records) == 100
    assert taken.codes == ["STRAY_QUOTE"]


def test_an_open_quote_costs_a_line_of_a_file_of_any_length(tmp_path: Path) -> None:
    """No quote follows for 10 MB: nobody waits for it to close."""
    rows = b"".join(b"S%d,1,%s\n" % (n, b"n" * 1000) for n in range(10_000))
    taken = take(leave(tmp_path, HEADER + BEFORE + b'R3,1,"c\n' + rows + AFTER, 10_005))
    assert len(taken.records) == 10_004
    assert taken.codes == ["STRAY_QUOTE"]


def test_a_huge_cell_costs_its_row_and_no_memory(tmp_path: Path) -> None:
    huge = b"R3,1," + b"x" * (3 * CHUNK) + b"\n"
    taken = take(leave(tmp_path, HEADER + BEFORE + huge + AFTER, 5), size=2)
    assert taken.sids == NEIGHBOURS
    assert taken.codes == ["CELL_TOO_LARGE"]
    assert len(taken.unreadable[0].raw) == 20_000
    assert taken.unreadable[0].sid == "R3"


def test_a_huge_cell_in_quotes_at_the_end_of_a_file_is_no_other(tmp_path: Path) -> None:
    huge = b'R3,1,"' + "邻".encode() * CHUNK + b'"'
    taken = take(leave(tmp_path, HEADER + BEFORE + huge, 3))
    assert taken.sids == ["R1", "R2"]
    assert taken.codes == ["CELL_TOO_LARGE"]
    assert set(taken.unreadable[0].raw[6:]) == {"邻"}


def test_reading_goes_on_behind_a_huge_cell_from_the_cursor_after_it(tmp_path: Path) -> None:
    huge = b"R3,1," + b"x" * (2 * CHUNK) + b"\n"
    drop = leave(tmp_path, HEADER + BEFORE + huge + AFTER, 5)
    behind = take(drop).cursors[1]
    assert behind["row"] == 3
    assert take(drop, behind).sids == ["R8", "R9"]


def test_what_is_shown_of_bad_bytes_shows_the_bytes(tmp_path: Path) -> None:
    taken = take(leave(tmp_path, HEADER + b"R3,1,\xff\xe8\xaf\x95\n", 1))
    assert taken.unreadable[0].raw == "R3,1,\\xff试\n"


def test_a_key_is_guessed_only_from_a_column_of_keys(tmp_path: Path) -> None:
    taken = take(leave(tmp_path, b"name,sid,ver\nZhang,1\n", 1))
    assert taken.unreadable[0].sid == ""
