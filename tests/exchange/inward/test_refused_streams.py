"""A stream that is not what it says is refused in words that name the fault, and no other with it.

What spoils a file in itself, tests/exchange/files knows; here is what becomes of a reading.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.database import read
from app.sync.connectors.protocol import SourceRefused
from app.sync.inward.engine import run_source
from tests.exchange.drops import District, Told, drifts, keys_of, mirrored, one, quiet, tally
from tests.exchange.records import household, resident

HEADER = "sid,ver,address_sid,tenure\n"
ROW = "TRY-H1,1,TRY-A1,owner\n"


def named(content: bytes, **changes: object) -> Callable[[District], None]:
    """Return what leaves households.csv with that content, and a manifest that fits or not."""

    def leave(district: District) -> None:
        (district.folder / "households.csv").write_bytes(content)
        entry: dict[str, Any] = {"stream": "households", "file": "households.csv"}
        district.manifest([entry | {"format": "csv", "rows": 1} | changes])

    return leave


GOOD = (HEADER + ROW).encode()

SPOILT = {
    "a column is missing": (named(b"sid,ver,tenure\nTRY-H1,1,owner\n"), "COLUMNS_MISSING: address"),
    "no line at all": (named(b""), "BAD_HEADER"),
    "more rows than promised": (named((HEADER + ROW * 3).encode(), rows=2), "WRONG_COUNT"),
    "fewer rows than promised": (named(GOOD, rows=2), "WRONG_COUNT"),
    "another digest": (named(GOOD, sha256="0" * 64), "WRONG_DIGEST"),
    "a format nobody reads": (named(GOOD, format="dbf"), "UNKNOWN_FORMAT"),
}


def nothing_taken() -> bool:
    return bool(
        one(
            "SELECT NOT EXISTS (SELECT FROM src_households WHERE source = 'try-out')"
            " AND NOT EXISTS (SELECT FROM household WHERE sid LIKE 'TRY%%')"
            " AND NOT EXISTS (SELECT FROM sync_batch WHERE source = 'try-out')"
            " AND NOT EXISTS (SELECT FROM sync_checkpoint"
            "      WHERE source = 'try-out' AND (cursor <> '{}' OR fresh_at IS NOT NULL))"
        )
    )


@pytest.mark.parametrize(("leave", "words"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_file_is_refused_by_name_at_every_run(
    district: District, leave: Callable[[District], None], words: str
) -> None:
    leave(district)
    for _ in range(2):
        message = district.refused("households")
        assert message.startswith(words)
        assert nothing_taken()
    runs = read("SELECT status, message FROM sync_run WHERE source = 'try-out'")
    assert [(row.status, row.message) for row in runs] == [("refused", message)] * 2


def test_a_manifest_that_cannot_be_believed_refuses_the_whole_reading(district: District) -> None:
    (district.folder / "manifest.json").write_bytes(b"[" * 100_000)
    with pytest.raises(SourceRefused, match=r"manifest\.json"):
        district.load()
    assert nothing_taken()


def test_a_stream_that_nobody_knows_is_said_and_the_others_are_read(addressed: District) -> None:
    """A sender that renames a stream must not think it is read; one that offers more may."""
    told = Told({"househods": [], "households": [[household()]]})
    found = {each.stream: each for each in run_source(told, addressed.streams, quiet)}
    assert (found["househods"].status, found["households"].status) == ("refused", "done")
    assert (found["househods"].message or "").startswith("UNKNOWN_STREAM")
    assert keys_of("household") == ["TRY-H1"]


def test_the_streams_beside_a_spoilt_one_are_read_all_the_same(addressed: District) -> None:
    """One file that came broken must not keep the register of the others from being current."""
    addressed.drop(residents=[], households=[household(1), household(2)])
    manifest = json.loads((addressed.folder / "manifest.json").read_text("utf-8"))
    manifest["files"][0]["rows"] = 1
    (addressed.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    found = addressed.outcomes()
    assert found["residents"].status == "refused"
    assert found["households"].status == "done"
    assert keys_of("household") == ["TRY-H1", "TRY-H2"]
    fresh = read(
        "SELECT stream FROM sync_checkpoint WHERE source = 'try-out' AND fresh_at IS NOT NULL"
    )
    assert {row.stream for row in fresh} == {"addresses", "households"}


def test_a_missing_column_refuses_its_stream_and_no_other(addressed: District) -> None:
    nameless = {name: value for name, value in resident().items() if name != "name"}
    found = addressed.hear(
        Told({"residents": [[nameless]], "households": [[household()]]}, fixed=True)
    )
    assert (found["residents"].status, found["residents"].message) == (
        "refused",
        "COLUMNS_MISSING: name",
    )
    assert tally(found["households"].counts) == {"in": 1, "inserted": 1}


WITHOUT_PHONES = {name: value for name, value in resident().items() if name != "phone"}


def test_an_optional_column_may_be_left_out(settled: District) -> None:
    told = Told({"residents": [[WITHOUT_PHONES]]}, fixed=True)
    assert tally(settled.hear(told)["residents"].counts) == {"in": 1, "inserted": 1}
    again = Told({"residents": [[WITHOUT_PHONES | {"ver": 2}]]}, fixed=True)
    assert tally(settled.hear(again)["residents"].counts) == {"in": 1, "updated": 1}


def phones() -> list[bool]:
    return [row.there for row in mirrored("residents", "phone_sealed IS NOT NULL AS there")]


def test_a_column_that_is_lost_empties_nothing(settled: District) -> None:
    """All phones gone at once is a slip of the sender; nobody may lose the way to sign in by it."""
    settled.hear(Told({"residents": [[resident()]]}, fixed=True))
    lost = Told({"residents": [[WITHOUT_PHONES | {"ver": 2}]]}, fixed=True)
    for _ in range(2):
        outcome = settled.hear(lost)["residents"]
        assert (outcome.status, outcome.message) == ("refused", "COLUMNS_MISSING: phone")
        assert phones() == [True]
    back = Told({"residents": [[resident(ver=3)]]}, fixed=True)
    assert tally(settled.hear(back)["residents"].counts) == {"in": 1, "updated": 1}


def test_a_column_that_is_sent_empty_empties_its_field(settled: District) -> None:
    settled.hear(Told({"residents": [[resident()]]}, fixed=True))
    empty = Told({"residents": [[resident(ver=2, phone="")]]}, fixed=True)
    assert tally(settled.hear(empty)["residents"].counts) == {"in": 1, "updated": 1}
    assert phones() == [False]


def test_where_rows_name_their_own_columns_a_lost_one_is_noted(settled: District) -> None:
    """Each row says what it has, so it is taken at its word; that none says so any more is told."""
    crowd = [resident(serial) for serial in range(1, 101)]
    settled.hear(Told({"residents": [crowd]}))
    silent = [{**each, "ver": 2} for each in crowd]
    for each in silent:
        del each["phone"]
    settled.hear(Told({"residents": [silent[:99]]}))
    assert "COLUMN_LOST" not in drifts()
    settled.hear(Told({"residents": [[resident(1, ver=3)], [{**r, "ver": 4} for r in silent]]}))
    noted = drifts()["COLUMN_LOST"]
    assert (noted.stream, noted.subject, noted.times) == ("residents", "phone", 100)


def test_a_source_whose_rows_name_their_own_columns_may_send_a_page_of_deletions(
    settled: District,
) -> None:
    """No row of it names a name: that is no missing column."""
    settled.hear(Told({"residents": [[resident()]]}))
    gone = {"sid": "TRY-R1", "ver": 2, "op": "D"}
    outcome = settled.hear(Told({"residents": [[gone]]}))["residents"]
    assert (outcome.status, tally(outcome.counts)) == ("done", {"in": 1, "deleted": 1})


def test_a_column_that_nobody_asked_for_is_noted_and_passed_over(addressed: District) -> None:
    """The district may add to its tables; that it did is said, and nothing stops."""
    rows = [household(1, age="3"), household(2, age="4")]
    assert tally(addressed.send(households=rows)["households"]) == {"in": 2, "inserted": 2}
    noted = drifts()["COLUMN_NEW"]
    assert (noted.stream, noted.subject, noted.times) == ("households", "age", 2)
    assert "3" not in json.dumps(noted.detail)


def test_columns_in_another_order_hold_the_same_records(addressed: District) -> None:
    addressed.send(households=[household(1)])
    turned = dict(reversed(household(1).items()))
    assert tally(addressed.hear(Told({"households": [[turned]]}))["households"].counts) == {
        "in": 1,
        "same": 1,
    }
