"""Workbooks, as people fill them in: what a cell shows is what is read, or the row is named."""

import multiprocessing
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.sync.connectors.files.cells import cell_text
from app.sync.connectors.files.manifest import read_manifest
from app.sync.connectors.files.workbook import batches
from app.sync.connectors.protocol import SourceRefused
from tests.exchange.files.leaving import STREAM, Taken, leave, take
from tests.exchange.files.workbooks import BOMBS, GOOD, HEADER, Fill, book, rows

DAY = datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None)


def read(folder: Path, content: bytes, count: int, **said: object) -> Taken:
    """Read a workbook here, where nothing is to be feared of it."""
    leave(folder, content, count, file="r.xlsx", format="xlsx", **said)
    manifest = read_manifest(folder)
    assert manifest
    taken = Taken()
    for some in batches(manifest.files[STREAM], 0, 1000):
        taken.records += some.table.to_pylist()
        taken.unreadable += some.unreadable
    return taken


def test_a_sheet_is_read_once_and_from_any_break(tmp_path: Path) -> None:
    drop = leave(tmp_path, GOOD, 3, file="r.xlsx", format="xlsx")
    taken = take(drop, size=1)
    assert taken.records == [
        {"sid": "R1", "ver": "1", "name": "张三"},
        {"sid": "R2", "ver": "2", "name": None},
        {"sid": "R3", "ver": "3", "name": "007"},
    ]
    for done, cursor in enumerate(taken.cursors, start=1):
        assert take(drop, cursor).sids == taken.sids[done:]


def test_a_note_before_the_columns_is_passed_over(tmp_path: Path) -> None:
    content = book(rows([], ["# 虚构"], HEADER, ["R1", 1, "a"]))
    assert read(tmp_path, content, 1).sids == ["R1"]


def test_the_sheet_of_the_manifest_is_read(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["read me first"])
        second = workbook.add_worksheet("居民 <1&2>")
        second.write_row(0, 0, HEADER)
        second.write_row(1, 0, ["R1", 1, "a"])

    content = book(fill, "note")
    assert read(tmp_path, content, 1, sheet="居民 <1&2>").sids == ["R1"]
    with pytest.raises(SourceRefused, match="SHEET_MISSING"):
        read(tmp_path, content, 1, sheet="Sheet9")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", None),
        ("000123", "000123"),
        (12.0, "12"),
        (-3, "-3"),
        (0.1 + 0.2, "0.3"),
        (124.385123456789, "124.385123456789"),
        (1e-7, "0.0000001"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1.00000000000000E+15"),
        (210602199001011234.0, "2.10602199001011E+17"),
        (True, "true"),
        (date(2026, 1, 2), "2026-01-02"),
        (DAY, "2026-01-02"),
        (DAY.replace(hour=3, minute=4), "2026-01-02T03:04:00"),
        (time(3, 4), "03:04:00"),
        (timedelta(hours=30), "PT108000S"),
    ],
)
def test_a_cell_reads_as_what_it_holds(value: object, text: str | None) -> None:
    assert cell_text(value) == text


def test_numbers_and_days_of_a_sheet(tmp_path: Path) -> None:
    """A citizen's number typed as a number has lost digits, and must not pass for whole."""

    def fill(workbook: Any, sheet: Any) -> None:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["sid", "ver", "id_number", "born"])
        sheet.write_row(1, 0, ["R1", 1, 210602199001011234])
        sheet.write_datetime(1, 3, DAY, day)

    (record,) = read(tmp_path, book(fill), 1).records
    assert record["ver"] == "1"
    assert record["id_number"] == "2.10602199001011E+17"
    assert record["born"] == "2026-01-02"


def spoil(write: Callable[[Any], None]) -> Fill:
    def fill(_: Any, sheet: Any) -> None:
        for place, row in enumerate([HEADER, ["R1", 1, "a"], ["R2", 1], ["R3", 1, "c"]]):
            sheet.write_row(place, 0, row)
        write(sheet)

    return fill


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (lambda s: s.write_formula(2, 2, "=NA()", value="#N/A"), "ERROR_CELL"),
        (lambda s: s.write_formula(2, 2, "=1/0", value="#DIV/0!"), "ERROR_CELL"),
        (lambda s: s.merge_range(2, 1, 2, 2, "b"), "MERGED_CELLS"),
        (lambda s: s.write_string(2, 3, "d"), "WRONG_NUMBER_OF_CELLS"),
    ],
)
def test_a_spoilt_row_costs_itself(tmp_path: Path, write: Callable[[Any], None], code: str) -> None:
    taken = read(tmp_path, book(spoil(write)), 3)
    assert taken.sids == ["R1", "R3"]
    assert [(each.code, each.sid) for each in taken.unreadable] == [(code, "R2")]


def test_words_that_look_like_an_error_are_words(tmp_path: Path) -> None:
    content = book(rows(HEADER, ["R1", 1, ' t="e" #N/A']))
    assert read(tmp_path, content, 1).records[0]["name"] == ' t="e" #N/A'


@pytest.mark.parametrize(
    "fill",
    [
        rows(),
        rows(["sid", "", "ver"]),
        rows(["sid", "ver", "ver"]),
        lambda _, sheet: sheet.merge_range(0, 0, 0, 2, "居民"),
    ],
)
def test_columns_without_names_of_their_own_are_refused(tmp_path: Path, fill: Fill) -> None:
    with pytest.raises(SourceRefused, match=r"BAD_HEADER: r\.xlsx"):
        read(tmp_path, book(fill), 0)


def test_a_wrong_count_is_refused_before_a_row_is_given(tmp_path: Path) -> None:
    drop = leave(tmp_path, GOOD, 4, file="r.xlsx", format="xlsx")
    with pytest.raises(SourceRefused, match="WRONG_COUNT"):
        next(drop.pages(STREAM, {}, 1))


def test_a_changed_workbook_is_refused(tmp_path: Path) -> None:
    drop = leave(tmp_path, GOOD, 3, file="r.xlsx", format="xlsx")
    (tmp_path / "r.xlsx").write_bytes(book(rows(HEADER)))
    with pytest.raises(SourceRefused, match=r"WRONG_DIGEST: r\.xlsx"):
        take(drop)


@pytest.mark.parametrize(("make", "code"), BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_hurts_nobody(tmp_path: Path, make: Callable[[], bytes], code: str) -> None:
    drop = leave(tmp_path, make(), 1, file="r.xlsx", format="xlsx")
    with pytest.raises(SourceRefused, match=rf"^{code}: r\.xlsx"):
        take(drop)


def test_who_stops_reading_leaves_no_process_behind(tmp_path: Path) -> None:
    content = book(rows(HEADER, *[[f"R{n}", 1, "a" * 100] for n in range(5000)]))
    drop = leave(tmp_path, content, 5000, file="r.xlsx", format="xlsx")
    pages = drop.pages(STREAM, {}, 10)
    next(pages)
    (reader,) = multiprocessing.active_children()
    pages.close()  # type: ignore[attr-defined]
    assert not reader.is_alive()
