"""A row that could not be laid into columns has the key of its record, however it was spelled."""

import hashlib
from typing import Any

import pyarrow as pa
import pytest

from app.database import read, transaction, write
from app.sync.connectors.protocol import Rows, Unreadable
from app.sync.contract.columns import read_rows
from app.sync.inward.needs import Needs
from app.sync.inward.suppression import suppress
from tests.exchange.drops import SOURCE, District, drifts, keys_of, one
from tests.exchange.files.workbooks import book
from tests.exchange.inward.telling import tell
from tests.exchange.records import household, resident

SPELLED = {
    "TRY-H2": "TRY-H2",
    "TRY-H2 ": "TRY-H2",
    "\u3000TRY-H2\n": "TRY-H2",
    "TRY H2": "",
    "210603197001010000": "210603197001010000",
    "2.10603197001010E+17": "",
    "九号": "",
    " ": "",
    "": "",
}


@pytest.mark.parametrize(("spelled", "key"), SPELLED.items())
def test_a_row_put_aside_has_the_key_of_its_record_or_none(
    district: District, spelled: str, key: str
) -> None:
    rows = Rows(pa.table({}), [Unreadable("ROW_BROKEN", "half a row", spelled)], fixed=False)
    (reject,) = read_rows(district.named("households"), rows).rejects
    assert reject.sid == key


def drop_book(district: District, stream: str, *rows: dict[str, object]) -> None:
    """Leave a whole workbook of a stream; a value of #N/A is the error that a formula leaves."""
    names = list(rows[0])

    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, names)
        for line, row in enumerate(rows, 1):
            for place, name in enumerate(names):
                if row[name] == "#N/A":
                    sheet.write_formula(line, place, "=NA()", value="#N/A")
                else:
                    sheet.write(line, place, row[name])

    content = book(fill)
    district.folder.mkdir(exist_ok=True)
    (district.folder / f"{stream}.xlsx").write_bytes(content)
    said = {"stream": stream, "file": f"{stream}.xlsx", "format": "xlsx", "rows": len(rows)}
    digest = hashlib.sha256(content).hexdigest()
    district.manifest([{**said, "sha256": digest, "complete": True}])


def test_who_stands_in_a_whole_workbook_with_a_space_too_many_was_there(
    addressed: District,
) -> None:
    addressed.send_all(households=[household(1), household(2)])
    drop_book(addressed, "households", household(1), household(2, sid="TRY-H2 ", tenure="#N/A"))
    addressed.load()
    assert keys_of("household") == ["TRY-H1", "TRY-H2"]
    assert one("SELECT sid FROM sync_quarantine WHERE source = 'try-out'") == "TRY-H2"
    assert drifts() == {}


def test_a_row_of_which_nobody_can_tell_the_key_lets_absence_prove_nothing(
    addressed: District,
) -> None:
    addressed.send_all(households=[household(1), household(2)])
    drop_book(addressed, "households", household(1), household(2, sid="TRY H2", tenure="#N/A"))
    addressed.load()
    assert keys_of("household") == ["TRY-H1", "TRY-H2"]
    assert drifts()["COMPLETENESS"].subject == "rows without a key"


def test_good_news_closes_what_was_put_aside_under_another_spelling(addressed: District) -> None:
    drop_book(addressed, "households", household(2, sid=" TRY-H2", tenure="#N/A"))
    addressed.load()
    tell(addressed, "households", household(2, ver=2))
    assert one("SELECT status FROM sync_quarantine WHERE source = 'try-out'") == "superseded"


def test_what_lay_aside_under_another_spelling_has_its_key_when_it_is_told_again(
    addressed: District,
) -> None:
    """What an older version put aside is the same row, and is not left behind."""
    bad = household(2, sid="TRY-H2 ", tenure="#N/A")
    drop_book(addressed, "households", bad)
    addressed.load()
    with transaction():
        write("UPDATE sync_quarantine SET sid = 'TRY-H2 ' WHERE source = 'try-out'", {})
    drop_book(addressed, "households", bad, household(1))
    addressed.load()
    (row,) = read("SELECT sid, times FROM sync_quarantine WHERE source = 'try-out'")
    assert tuple(row) == ("TRY-H2", 2)


def erase(district: District, sid: str) -> None:
    needs = Needs({each.name: each for each in district.streams})
    suppress(SOURCE, district.named("residents"), sid, needs, None, "asked")


def test_an_erasure_takes_along_what_was_put_aside_under_another_spelling(
    settled: District,
) -> None:
    drop_book(settled, "residents", resident(1, sid="TRY-R1 ", phone="#N/A"))
    settled.load()
    erase(settled, "TRY-R1")
    assert read("SELECT FROM sync_quarantine WHERE source = 'try-out'") == []


def test_who_was_erased_is_not_put_aside_under_another_spelling(settled: District) -> None:
    settled.send(residents=[resident(1)])
    erase(settled, "TRY-R1")
    drop_book(settled, "residents", resident(1, sid="TRY-R1 ", phone="#N/A"))
    settled.load()
    assert read("SELECT FROM sync_quarantine WHERE source = 'try-out'") == []
