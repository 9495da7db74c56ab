"""A file that is not what its manifest says is refused by name and code, and nothing is taken."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.sync.connectors.protocol import SourceRefused
from tests.exchange.files.leaving import STREAM, leave, take

GOOD = b"sid,ver\nR1,1\nR2,1\n"
NOBODY = "0" * 64

REFUSED: dict[str, tuple[bytes, dict[str, object], str]] = {
    "fewer rows": (GOOD, {"rows": 3}, "WRONG_COUNT"),
    "more rows": (GOOD, {"rows": 1}, "WRONG_COUNT"),
    "another digest": (GOOD, {"sha256": NOBODY}, "WRONG_DIGEST"),
    "another file without columns": (b"", {"sha256": NOBODY}, "WRONG_DIGEST"),
    "nothing at all": (b"", {"rows": 0}, "BAD_HEADER"),
    "only a note": (b"# nothing", {"rows": 0}, "BAD_HEADER"),
    "a column twice": (b"sid,ver,ver\n", {"rows": 0}, "BAD_HEADER"),
    "a column without a name": (b"sid,,ver\n", {"rows": 0}, "BAD_HEADER"),
    "columns with an open quote": (b'sid,"ver\n', {"rows": 0}, "BAD_HEADER"),
    "columns of bad bytes": (b"sid,\xff\n", {"rows": 0}, "BAD_HEADER"),
    "more columns than anybody has": (b"a," * 1000 + b"a\n", {"rows": 0}, "BAD_HEADER"),
    "a format nobody reads": (GOOD, {"format": "dbf"}, "UNKNOWN_FORMAT"),
}


@pytest.mark.parametrize(("content", "said", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_not_what_was_said_is_refused(
    tmp_path: Path, content: bytes, said: dict[str, object], code: str
) -> None:
    drop = leave(tmp_path, content, 2, **said)
    with pytest.raises(SourceRefused, match=r"residents\.csv") as refusal:
        next(drop.pages(STREAM, {}, 1))
    assert refusal.value.code == code


def test_a_file_without_columns_is_refused_without_a_word_of_its_people(tmp_path: Path) -> None:
    drop = leave(tmp_path, "张三,张三\n".encode(), 0)
    with pytest.raises(SourceRefused) as refusal:
        take(drop)
    assert "张三" not in str(refusal.value)
    assert "columns 1 and 2" in str(refusal.value)


def test_a_count_is_refused_at_every_run_from_every_cursor(tmp_path: Path) -> None:
    """That the first half was taken from a good file does not make the rest of this one good."""
    cursor = take(leave(tmp_path, GOOD, 2), size=1).cursors[0]
    drop = leave(tmp_path, GOOD, 3)
    for _ in range(2):
        with pytest.raises(SourceRefused, match="3 rows of the manifest but 2"):
            take(drop, cursor)


def test_a_file_that_did_not_arrive_is_missing(tmp_path: Path) -> None:
    drop = leave(tmp_path, GOOD, 2)
    (tmp_path / "residents.csv").unlink()
    with pytest.raises(SourceRefused, match=r"FILE_MISSING: residents\.csv"):
        take(drop)


def test_a_pipe_in_the_place_of_a_file_holds_nobody(tmp_path: Path) -> None:
    drop = leave(tmp_path, GOOD, 2)
    (tmp_path / "residents.csv").unlink()
    os.mkfifo(tmp_path / "residents.csv")
    with pytest.raises(SourceRefused, match="no plain file"):
        take(drop)


def put_another(path: Path) -> None:
    path.with_name("new").write_bytes(GOOD.replace(b"R2", b"R3"))
    path.with_name("new").replace(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "other bytes": lambda path: path.write_bytes(GOOD.replace(b"R2", b"R3")),
    "cut": lambda path: path.write_bytes(GOOD[:-3]),
    "gone": Path.unlink,
    "another in its place": put_another,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_page_reads_the_bytes_that_were_looked_at_or_none(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    """Even with size and times put back: the page knows its bytes by their digest."""
    drop = leave(tmp_path, GOOD, 2)
    path = tmp_path / "residents.csv"
    before = path.stat()
    first, second = drop.pages(STREAM, {}, 1)
    change(path)
    if path.exists():
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(SourceRefused, match=r"FILE_CHANGED: residents\.csv"):
        second.read()
    assert first.cursor["row"] == 1


def test_the_sender_finds_its_files_as_it_left_them(tmp_path: Path) -> None:
    drop = leave(tmp_path, GOOD, 2)
    os.utime(tmp_path / "residents.csv", ns=(1, 1))
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.iterdir()}
    drop.check()
    drop.offers()
    take(drop)
    drop.acknowledge(STREAM, {})
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.iterdir()} == before


def test_what_was_read_to_its_end_is_not_opened_again(tmp_path: Path) -> None:
    drop = leave(tmp_path, GOOD, 2)
    end = take(drop).cursors[-1]
    (tmp_path / "residents.csv").unlink()
    assert not take(drop, end).cursors
