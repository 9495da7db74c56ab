"""JSON Lines: what a line says comes out as text, to the last digit."""

import json
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.files.leaving import Taken, leave, take

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALAR = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
VALUE = st.recursive(
    SCALAR | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def read(folder: Path, content: bytes, rows: int, **said: object) -> Taken:
    return take(leave(folder, content, rows, file="r.jsonl", format="jsonl", **said), size=3)


def line(value: object, **how: Any) -> bytes:
    return json.dumps(value, **how).encode() + b"\n"


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(TEXT, VALUE, min_size=1, max_size=5), max_size=8),
    st.booleans(),
    st.booleans(),
)
def test_any_objects_come_out_as_they_are(
    folder: Path, rows: list[dict[str, Any]], wide: bool, spaced: bool
) -> None:
    how: dict[str, Any] = {"ensure_ascii": wide, "separators": None if spaced else (",", ":")}
    rows = [row for row in rows if row.keys() != {"note"}]
    taken = read(folder, b"".join(line(row, **how) for row in rows), len(rows))
    assert not taken.unreadable
    assert len(taken.records) == len(rows)
    for row, record in zip(rows, taken.records, strict=True):
        assert {name for name, value in record.items() if value is not None} <= row.keys()
        for name, value in row.items():
            text = record[name]
            if value is None or isinstance(value, str):
                assert text == value
            else:
                assert text is not None
                assert json.loads(text) == value


@pytest.mark.parametrize(
    "number",
    [
        "210602199001011234",
        "123456789012345678901234567890",
        "0.1",
        "-5",
        "5.0",
        "1E5",
        "1.0000000000000000001",
        "8.1234567890123457",
        "124.385123456789012345",
        "-12345678901234567890.5",
        "1e-300",
    ],
)
@pytest.mark.parametrize("space", ["", " "])
def test_a_number_keeps_its_digits(folder: Path, number: str, space: str) -> None:
    content = f'{{"sid":"R1","n":{space}{number}{space},"list":[1,{space}{number}]}}\n'.encode()
    (record,) = read(folder, content, 1).records
    assert record["n"] is not None
    assert Decimal(record["n"]) == Decimal(number)
    found = json.loads(record["list"] or "", parse_float=Decimal, parse_int=Decimal)
    assert found == [1, Decimal(number)]


def test_words_for_true_and_false_and_nothing_for_null(folder: Path) -> None:
    content = b'{"sid":"R1","a":true,"b":false,"c":null}\n{"sid":"R2"}\n'
    assert read(folder, content, 2).records == [
        {"sid": "R1", "a": "true", "b": "false", "c": None},
        {"sid": "R2", "a": None, "b": None, "c": None},
    ]


SPOILT = {
    "half an object": (b'{"sid":', "NOT_JSON_OBJECT"),
    "nothing of anybody": (b"{}", "NOT_JSON_OBJECT"),
    "a list": (b'["R3"]', "NOT_JSON_OBJECT"),
    "a word": (b'"R3"', "NOT_JSON_OBJECT"),
    "two objects": (b'{"sid":"R3"}{"sid":"R4"}', "NOT_JSON_OBJECT"),
    "no number": (b'{"sid":"R3","n":NaN}', "NOT_JSON_OBJECT"),
    "half a pair": (b'{"sid":"R3","n":"\\ud800"}', "NOT_JSON_OBJECT"),
    "nested without an end": (b'{"sid":' + b"[" * 5000, "NOT_JSON_OBJECT"),
    "a byte that means nothing": (b'{"sid":"\xff"}', "BAD_BYTES"),
    "a huge one": (b'{"sid":"' + b"x" * (5 << 20) + b'"}', "CELL_TOO_LARGE"),
    "columns beyond counting": (line({str(n): 1 for n in range(1001)})[:-1], "TOO_MANY_COLUMNS"),
}


@pytest.mark.parametrize(("spoilt", "code"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_line_costs_itself(folder: Path, spoilt: bytes, code: str) -> None:
    taken = read(folder, b'{"sid":"R1"}\n' + spoilt + b'\n\n{"sid":"R2"}', 3)
    assert taken.sids == ["R1", "R2"]
    assert taken.codes == [code]
    assert taken.unreadable[0].raw.startswith(spoilt[:4].decode())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_mark_and_a_note_are_passed_over(folder: Path, encoding: str) -> None:
    content = '\ufeff{"note": "虚构"}\n{"sid": "R1", "name": "试"}\r\n'.encode(encoding)
    taken = read(folder, content, 1, encoding=encoding)
    assert taken.records == [{"sid": "R1", "name": "试"}]


def test_a_note_is_one_only_in_the_first_line(folder: Path) -> None:
    assert len(read(folder, b'{"note":"a"}\n{"note":"b"}\n', 1).records) == 1
