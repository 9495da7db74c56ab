"""What a sender spoils is named and costs nothing that was here; the next good list is read."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.database import read
from tests.exchange.drops import District, mirrored, one
from tests.exchange.files.workbooks import BOMBS, book
from tests.exchange.inward.test_refused_streams import SPOILT
from tests.exchange.records import household

HEADER = ["sid", "ver", "address_sid", "tenure"]
Leave = Callable[[District], None]
GOOD_ROW = ("TRY-H2", 1, "TRY-A1", "owner")
BAD_ROW = ("TRY-H1", 2, "TRY-A1", "tenant")


def dropped(name: str, content: bytes, rows: int, **said: object) -> Leave:
    """Return what leaves a file of households with a manifest that is true of it."""

    def leave(district: District) -> None:
        (district.folder / name).write_bytes(content)
        entry: dict[str, Any] = {"stream": "households", "file": name, "rows": rows}
        district.manifest([entry | {"format": Path(name).suffix[1:]} | said])

    return leave


def table(*rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue().encode(encoding)


def cut_off(district: District) -> None:
    """Leave a whole file, its manifest, and then lose its end, as a copy that broke off does."""
    district.drop(households=[household(n, ver=2) for n in range(1, 9)])
    path = district.folder / "households.csv"
    path.write_bytes(path.read_bytes()[:-20])


def bomb(name: str) -> Leave:
    make, _ = BOMBS[name]
    return lambda district: dropped("households.xlsx", make(), 1)(district)


REFUSED: dict[str, tuple[Leave, str]] = {
    **SPOILT,
    "a copy that broke off": (cut_off, "WRONG_DIGEST"),
    "a file without what it always told": (
        dropped("households.csv", b"sid,ver,address_sid\nTRY-H1,2,TRY-A1\n", 1),
        "COLUMNS_MISSING: tenure",
    ),
    **{f"a workbook: {name}": (bomb(name), code) for name, (_, code) in BOMBS.items()},
}


def standing() -> list[tuple[str, int, str]]:
    found = mirrored("households", "sid, ver, tenure, deleted_at")
    assert all(row.deleted_at is None for row in found)
    return [(row.sid, row.ver, row.tenure) for row in found]


BEFORE = [("TRY-H1", 1, "owner"), ("TRY-H2", 1, "owner")]
AFTER = [("TRY-H1", 3, "tenant"), ("TRY-H2", 1, "owner"), ("TRY-H3", 1, "owner")]


def give_good(district: District) -> None:
    district.send(households=[household(1), household(2)])
    assert standing() == BEFORE


def good_again(district: District) -> None:
    rows = [household(1, ver=3, tenure="tenant"), household(2), household(3)]
    counts = district.send_all(households=rows)["households"]
    assert counts["in"] == 3
    assert standing() == AFTER


@pytest.mark.parametrize(("leave", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_list_costs_nothing_and_stops_nothing(
    addressed: District, leave: Leave, words: str
) -> None:
    give_good(addressed)
    leave(addressed)
    assert addressed.refused("households").startswith(words)
    assert standing() == BEFORE
    good_again(addressed)


def spoilt_book(spoil: Callable[[Any], None]) -> bytes:
    """Return a workbook of two households, of which the first is spoilt."""

    def fill(_: Any, sheet: Any) -> None:
        for place, row in enumerate([HEADER, BAD_ROW[:3], GOOD_ROW]):
            sheet.write_row(place, 0, row)
        spoil(sheet)

    return book(fill)


ROWS: dict[str, tuple[Leave, str]] = {
    "bytes of another encoding": (
        dropped(
            "households.csv",
            table(GOOD_ROW) + "TRY-H1,2,TRY-A1,租户\n".encode("gb18030"),
            2,
            encoding="utf-8",
        ),
        "BAD_BYTES",
    ),
    "a cell without an end": (
        dropped("households.csv", table(GOOD_ROW, (*BAD_ROW[:3], "x" * (3 << 20))), 2),
        "CELL_TOO_LARGE",
    ),
    "a cell too many": (
        dropped("households.csv", table(GOOD_ROW, (*BAD_ROW, "more")), 2),
        "WRONG_NUMBER_OF_CELLS",
    ),
    "a stray quotation mark": (
        dropped("households.csv", table(GOOD_ROW) + b'TRY-H1,2,TRY-A1,ten"ant\n', 2),
        "STRAY_QUOTE",
    ),
    "no object": (
        dropped(
            "households.jsonl",
            b'{"sid":"TRY-H2","ver":1,"address_sid":"TRY-A1","tenure":"owner"}\n[1]\n',
            2,
        ),
        "NOT_JSON_OBJECT",
    ),
    "an error of the spreadsheet": (
        dropped(
            "households.xlsx",
            spoilt_book(lambda s: s.write_formula(1, 3, "=NA()", value="#N/A")),
            2,
        ),
        "ERROR_CELL",
    ),
    "merged cells": (
        dropped("households.xlsx", spoilt_book(lambda s: s.merge_range(1, 2, 1, 3, "b")), 2),
        "MERGED_CELLS",
    ),
    "a key taken for a quantity": (
        dropped("households.csv", table(GOOD_ROW, ("2.10602E+17", *BAD_ROW[1:])), 2),
        "PRECISION_LOST",
    ),
    "a value that nobody knows": (
        dropped("households.csv", table(GOOD_ROW, (*BAD_ROW[:3], "lodger")), 2),
        "NOT_A_CHOICE",
    ),
}


@pytest.mark.parametrize(("leave", "code"), ROWS.values(), ids=ROWS.keys())
def test_a_spoilt_row_costs_itself_alone(addressed: District, leave: Leave, code: str) -> None:
    give_good(addressed)
    leave(addressed)
    counts = addressed.load()["households"]
    assert (counts["in"], counts["bad"], counts["same"]) == (2, 1, 1)
    assert standing() == BEFORE
    (row,) = read("SELECT code, raw_sealed FROM sync_quarantine WHERE source = 'try-out'")
    assert row.code == code
    assert len(row.raw_sealed) < 100_000, "a cell without an end is not kept without one, either"
    good_again(addressed)


def test_the_books_add_up_through_all_of_it(addressed: District) -> None:
    """Every row that ever came is in exactly one count, and every file has its run."""
    give_good(addressed)
    for leave, _ in ROWS.values():
        leave(addressed)
        addressed.outcomes()
    parts = "n_inserted + n_updated + n_deleted + n_same + n_stale + n_duplicate + n_suppressed"
    rows = one(f"SELECT sum(n_in - n_bad - ({parts})) FROM sync_batch WHERE source = 'try-out'")
    assert rows == 0
    assert one("SELECT count(*) FROM sync_run WHERE status = 'running'") == 0
