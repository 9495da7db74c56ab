"""Somebody who was erased does not come back with any file, by any way, and it is counted."""

import pytest

from app.database import read, transaction, write
from app.privacy import vault
from tests.exchange.drops import SOURCE, District, keys_of, mirrored, one
from tests.exchange.inward.telling import gone, tell, tell_all
from tests.exchange.records import resident


def erase(sid: str, rest: str = "row") -> None:
    """Suppress a resident as an erasure does: the index stays, and perhaps a tombstone."""
    names = {"source": SOURCE, "index": vault.index("sid", sid), "sid": sid}
    with transaction():
        write(
            "INSERT INTO sync_suppressed (source, stream, sid_index)"
            " VALUES (%(source)s, 'residents', %(index)s)",
            names,
        )
        if rest == "nothing":
            write("DELETE FROM src_residents WHERE source = %(source)s AND sid = %(sid)s", names)


def test_who_was_erased_does_not_come_back(settled: District) -> None:
    erase("TRY-R1")
    counts = tell(settled, "residents", resident(1), resident(2))
    assert counts == {"in": 2, "inserted": 1, "suppressed": 1}
    assert keys_of("resident") == ["TRY-R2"]
    assert [row.sid for row in mirrored("residents", "sid")] == ["TRY-R2"]


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("ver", [1, 2, 9])
def test_neither_by_a_newer_version_nor_by_a_whole_list(
    settled: District, ver: int, complete: bool
) -> None:
    erase("TRY-R1")
    send = tell_all if complete else tell
    send(settled, "residents", resident(2))
    counts = send(settled, "residents", resident(1, ver=ver), resident(2))
    assert counts == {"in": 2, "same": 1, "suppressed": 1}
    assert keys_of("resident") == ["TRY-R2"]


def test_repeats_of_them_are_each_accounted_for(settled: District) -> None:
    erase("TRY-R1")
    counts = tell(settled, "residents", resident(1), resident(1, ver=2), resident(1))
    assert counts["in"] == 3
    assert counts["suppressed"] + counts.get("duplicate", 0) == 3
    assert keys_of("resident") == []


@pytest.mark.parametrize("by", ["word", "absence"])
def test_who_was_gone_before_they_were_erased_does_not_come_back_either(
    settled: District, by: str
) -> None:
    """A tombstone of theirs is no door."""
    tell(settled, "residents", resident())
    if by == "word":
        tell(settled, "residents", gone("TRY-R1", 2))
    else:
        tell_all(settled, "residents")
    erase("TRY-R1")
    assert tell(settled, "residents", resident(ver=3)) == {"in": 1, "suppressed": 1}
    assert keys_of("resident") == []
    (row,) = mirrored("residents", "name_sealed, deleted_at IS NOT NULL AS gone")
    assert tuple(row) == (None, True)


def test_a_row_that_is_none_keeps_nothing_of_them(settled: District) -> None:
    """An erased person's bad row would keep their name for a year in the quarantine."""
    erase("TRY-R1")
    assert tell(settled, "residents", resident(1, phone="1"))["in"] == 1
    assert read("SELECT FROM sync_quarantine WHERE source = 'try-out'") == []


def test_the_key_itself_is_nowhere_kept(settled: District) -> None:
    erase("TRY-R1")
    tell(settled, "residents", resident(1))
    tell(settled, "residents", gone("TRY-R1", 2))
    tell(settled, "residents", resident(1, ver=3))
    assert mirrored("residents", "sid") == []
    plain = one("SELECT string_agg(s::text, '') FROM sync_suppressed s WHERE source = 'try-out'")
    assert "TRY-R1" not in plain


def test_another_source_and_another_stream_know_nothing_of_it(settled: District) -> None:
    erase("TRY-H1")
    counts = tell(settled, "households", {**_household(), "ver": 2})
    assert counts == {"in": 1, "updated": 1}


def _household() -> dict[str, object]:
    return {"sid": "TRY-H1", "address_sid": "TRY-A2", "tenure": "owner"}


def test_books_and_list_are_equal_without_them(settled: District) -> None:
    """Who was erased is in every list: that must not look like a difference for ever."""
    erase("TRY-R1")
    for _ in range(2):
        tell_all(settled, "residents", resident(1), resident(2))
    assert keys_of("resident") == ["TRY-R2"]
    assert read("SELECT FROM sync_drift WHERE source = 'try-out'") == []
