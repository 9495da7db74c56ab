"""A table of texts comes out as it went in: once, whole, whatever the pages and the breaks."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sync.connectors.files import FileDrop, grammar, walk
from app.sync.connectors.files.grammar import CSV, LINES, Grammar, pieces, tidy_ends
from tests.exchange.files.leaving import Record, leave, take

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
AWKWARD = st.text(st.sampled_from('a,"\r\n丹#\ufeff '), max_size=6)
TABLE = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(*[TEXT | AWKWARD] * width), max_size=12)
)
SOUP = st.lists(st.sampled_from([b"ab", b"1", b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"\xe4"]))
NEARLY = st.lists(
    st.sampled_from(
        [b"a,b\n", b'"a","b"\n', b'a,"b\nc"\n', b'5" x,b\n', b'"a,b\n', b"\n", b"a\rb\n"]
    )
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def written(rows: Sequence[Sequence[str]], everywhere: bool, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    if everywhere:
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    else:
        csv.writer(out, quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return out.getvalue().encode(encoding)


def as_records(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Record]:
    return [{n: cell or None for n, cell in zip(header, row, strict=True)} for row in rows]


@settings(deadline=None, max_examples=200)
@given(
    TABLE,
    st.booleans(),
    st.sampled_from(["utf-8", "gb18030"]),
    st.integers(1, 8),
    st.integers(64, 128),
    st.data(),
)
def test_any_table_is_read_once_at_any_page_size_and_from_any_break(
    folder: Path,
    rows: list[tuple[str, ...]],
    everywhere: bool,
    encoding: str,
    size: int,
    chunk: int,
    data: st.DataObject,
) -> None:
    header = [f"field_{n}" for n in range(len(rows[0]) if rows else 2)]
    content = written([header, *rows], everywhere, encoding)
    drop = leave(folder, content, len(rows), encoding=encoding)
    with patch.object(walk, "CHUNK", chunk):
        taken = take(drop, size=size)
        assert not taken.unreadable
        assert taken.records == as_records(header, rows)
        if taken.cursors:
            cursor = data.draw(st.sampled_from(taken.cursors))
            again = take(drop, cursor, data.draw(st.integers(1, 8)))
            assert again.records == taken.records[cursor["row"] :]


def strictly(body: bytes, width: int) -> tuple[list[list[str]], int]:
    """Return what the pieces of a body hold by another reader, and how many hold nothing."""
    good, bad = [], 0
    for piece in pieces(body, True, CSV):
        try:
            line = body[piece.start : piece.end].decode()
            cells = next(csv.reader(io.StringIO(line, newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error, StopIteration):
            bad += 1
            continue
        if piece.fault or len(cells) != width:
            bad += 1
        else:
            good.append(cells)
    return good, bad


@settings(deadline=None, max_examples=300)
@given(SOUP | NEARLY, st.integers(1, 5), st.integers(16, 60), st.integers(12, 40), st.data())
def test_whatever_the_bytes_pages_and_breaks_change_nothing_and_lose_no_row(
    folder: Path,
    soup: list[bytes],
    size: int,
    chunk: int,
    longest: int,
    data: st.DataObject,
) -> None:
    body = b"".join(soup)
    # the third limit that a line meets; small here, so that it is met
    with patch.object(walk, "CHUNK", chunk), patch.object(grammar, "LONGEST_ROW", longest):
        good, bad = ([], 0) if too_long(body) else strictly(body, 2)
        found = total(body)
        drop = leave(folder, b"sid,ver\n" + body, found)
        taken = take(drop, size=size)
        assert len(taken.records) + len(taken.unreadable) == found
        if not too_long(body):
            assert taken.records == as_records(["sid", "ver"], good)
            assert len(taken.unreadable) == bad
        if taken.cursors:
            place = data.draw(st.integers(0, len(taken.cursors) - 1))
            rest = take(drop, taken.cursors[place], data.draw(st.integers(1, 5)))
            first = take_up_to(drop, size, place)
            assert first[0] + rest.records == taken.records
            assert sorted(first[1] + rest.codes) == sorted(taken.codes)


def too_long(body: bytes) -> bool:
    return any(piece.fault == "CELL_TOO_LARGE" for piece in pieces(body, True, CSV))


def total(body: bytes) -> int:
    """Count rows and lines as the grammar has them, however long a line is."""
    count, place = 0, 0
    while place < len(body):
        last = None
        for piece in pieces(body[place:], True, CSV):
            count, last = count + 1, piece
        if not last or last.end != last.start:
            return count
        place = body.find(b"\n", place + last.start) + 1 or len(body)
    return count


def take_up_to(drop: FileDrop, size: int, place: int) -> tuple[list[Record], list[str]]:
    records: list[Record] = []
    codes: list[str] = []
    for at, page in enumerate(drop.pages("residents", {}, size)):
        if at > place:
            break
        rows = page.read()
        records += rows.table.to_pylist()
        codes += [each.code for each in rows.unreadable]
    return records, codes


@settings(max_examples=500)
@given(
    *(SOUP | NEARLY, st.booleans(), st.sampled_from([CSV, LINES])),
    *(st.integers(3, 40), st.integers(1, 20)),
)
def test_what_is_seen_at_once_is_what_is_read_row_by_row(
    soup: list[bytes], final: bool, form: Grammar, longest: int, close: int
) -> None:
    """A tidy block has the ends that the pieces have; nothing faulty passes for tidy."""
    body = b"".join(soup)
    with patch.multiple(grammar, LONGEST_ROW=longest, CLOSE=close):
        ends = tidy_ends(body, final, form)
        found = list(pieces(body, final, form))
    if ends is not None:
        found = [piece for piece in found if piece.end <= ends[-1]]
        assert not any(piece.fault for piece in found)
        assert [piece.end for piece in found] == ends.tolist()
        assert not final or ends[-1] == len(body)


def test_a_plain_file_is_tidy() -> None:
    """Else the rule for many would hold of nothing, and the test above of less."""
    body = b'a,b\r\n"c\n""d",\n,"e"\n'
    assert tidy_ends(body, True, CSV).tolist() == [5, 14, 19]


@pytest.mark.parametrize("start", [b"", "# 虚构\n".encode(), b"# made up\r\n"])
@pytest.mark.parametrize("mark", [b"", "\ufeff".encode()])
def test_a_mark_and_a_note_before_the_columns_are_passed_over(
    tmp_path: Path, start: bytes, mark: bytes
) -> None:
    drop = leave(tmp_path, mark + start + b" sid ,ver\r\nR1,1\r\n", 1)
    assert take(drop).records == [{"sid": "R1", "ver": "1"}]


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "gb18030", "GB18030"])
def test_a_rare_name_is_the_same_in_both_encodings(tmp_path: Path, encoding: str) -> None:
    name = "𠮷·㛃é㊣"
    text = f"\ufeffsid,ver,name\nR1,1,{name}\n"
    drop = leave(tmp_path, text.encode(encoding), 1, encoding=encoding)
    assert take(drop).records == [{"sid": "R1", "ver": "1", "name": name}]


@pytest.mark.parametrize("body", [b"", b"\n", b"\r\n\r\n"])
def test_a_file_of_nobody_is_a_file_all_the_same(tmp_path: Path, body: bytes) -> None:
    drop = leave(tmp_path, b"sid,ver\n" + body, 0)
    assert take(drop) == take(drop, {"sha256": "of another file", "offset": 99, "row": 7})
    assert not take(drop).cursors


def test_blank_lines_and_a_missing_last_line_end_do_not_count(tmp_path: Path) -> None:
    drop = leave(tmp_path, b"sid,ver\n\nR1,1\n\r\nR2,2\n\nR3,3", 3)
    assert take(drop, size=1).sids == ["R1", "R2", "R3"]


def test_another_file_is_read_from_its_start(tmp_path: Path) -> None:
    """A cursor into yesterday's file says nothing of today's."""
    old = take(leave(tmp_path, b"sid,ver\nR1,1\nR2,1\n", 2), size=1)
    drop = leave(tmp_path, b"sid,ver\nR1,2\nR2,2\n", 2)
    assert [record["ver"] for record in take(drop, old.cursors[0]).records] == ["2", "2"]
