"""A record that its source deletes is gone here, whatever comes before or after the word."""

from typing import Any

import pytest

from app.database import read
from tests.exchange.drops import District, Row, keys_of, mirrored, tally
from tests.exchange.inward.telling import gone, tell, tell_all
from tests.exchange.records import address, household, number, resident


def tombstone() -> tuple[object, ...]:
    (row,) = mirrored("households", "ver, hash, deleted_at IS NOT NULL AS gone, deleted_by")
    return (row.ver, bytes(row.hash), row.gone, row.deleted_by)


def test_a_record_that_is_deleted_by_word_is_gone(addressed: District) -> None:
    tell(addressed, "households", household())
    assert tell(addressed, "households", gone("TRY-H1", 2)) == {"in": 1, "deleted": 1}
    assert keys_of("household") == []
    assert tombstone() == (2, b"\xff" * 16, True, "source")


def test_a_file_can_say_it_too(addressed: District) -> None:
    """In a column ``op``: U is there, D is gone, nothing is there."""
    addressed.send(households=[household(1, op="U"), household(2, op=""), household(3)])
    counts = addressed.send(households=[household(1, ver=2, op="D"), gone("TRY-H2", 2)])
    assert tally(counts["households"]) == {"in": 2, "deleted": 2}
    assert keys_of("household") == ["TRY-H3"]


@pytest.mark.parametrize("op", ["X", "DELETE", "0"])
def test_an_unknown_word_deletes_nothing(addressed: District, op: str) -> None:
    tell(addressed, "households", household())
    counts = tell(addressed, "households", household(ver=2, op=op))
    assert counts == {"in": 1, "bad": 1}
    assert keys_of("household") == ["TRY-H1"]


@pytest.mark.parametrize("ver", [1, 2])
def test_a_deletion_that_arrives_before_its_record_still_holds(
    addressed: District, ver: int
) -> None:
    """A line that reorders must not bring anybody back; at the same version the word wins."""
    assert tell(addressed, "households", gone("TRY-H1", 2)) == {"in": 1, "deleted": 1}
    assert tell(addressed, "households", household(ver=ver)) == {"in": 1, "stale": 1}
    assert keys_of("household") == []


def test_a_deletion_at_the_same_version_wins(addressed: District) -> None:
    tell(addressed, "households", household(ver=2))
    assert tell(addressed, "households", gone("TRY-H1", 2)) == {"in": 1, "deleted": 1}
    assert keys_of("household") == []


def test_a_deletion_of_an_older_version_is_stale(addressed: District) -> None:
    tell(addressed, "households", household(ver=2))
    assert tell(addressed, "households", gone("TRY-H1", 1)) == {"in": 1, "stale": 1}
    assert keys_of("household") == ["TRY-H1"]


def test_a_deletion_told_again_is_the_same(addressed: District) -> None:
    tell(addressed, "households", gone("TRY-H1", 2))
    assert tell(addressed, "households", gone("TRY-H1", 2)) == {"in": 1, "same": 1}
    assert tell(addressed, "households", gone("TRY-H1", 3)) == {"in": 1, "deleted": 1}


def test_who_comes_back_with_a_newer_version_is_back(addressed: District) -> None:
    tell(addressed, "households", household())
    tell(addressed, "households", gone("TRY-H1", 2))
    counts = tell(addressed, "households", household(ver=3, tenure="tenant"))
    assert counts == {"in": 1, "updated": 1}
    assert [
        tuple(row) for row in mirrored("households", "ver, tenure, deleted_at, deleted_by")
    ] == [(3, "tenant", None, None)]
    assert keys_of("household") == ["TRY-H1"]


@pytest.mark.parametrize("rows", [
    (household(), gone("TRY-H1", 2)),
    (gone("TRY-H1", 2), household()),
    (household(ver=2), gone("TRY-H1", 2)),
])  # fmt: skip
def test_word_and_record_in_one_page_end_like_two_pages(
    addressed: District, rows: tuple[Row, ...]
) -> None:
    counts = tell(addressed, "households", *rows)
    assert counts == {"in": 2, "deleted": 1, "duplicate": 1}
    assert keys_of("household") == []


@pytest.mark.parametrize("by", ["word", "absence"])
def test_a_tombstone_knows_nothing_personal_any_more(settled: District, by: str) -> None:
    """What is kept of who is gone: that the key was used, and codes, which say nothing of them."""
    tell(settled, "residents", resident())
    if by == "word":
        tell(settled, "residents", gone("TRY-R1", 2))
    else:
        tell_all(settled, "residents")
    (row,) = mirrored("residents", "*")
    personal = ("name_sealed", "id_number_sealed", "id_number_index", "phone_sealed", "phone_index")
    assert [getattr(row, name) for name in personal] == [None] * 5
    assert row.deleted_at is not None
    assert row.waits_for is None


def test_who_was_deleted_and_comes_back_is_known_in_full(settled: District) -> None:
    tell(settled, "residents", resident())
    tell(settled, "residents", gone("TRY-R1", 2))
    tell(settled, "residents", resident(ver=3))
    (row,) = mirrored("residents", "name_sealed, id_number_index, phone_index")
    assert None not in tuple(row)
    assert keys_of("resident") == ["TRY-R1"]


def test_a_deletion_needs_nothing_but_key_and_version(settled: District) -> None:
    """What else its row holds is not read, so that nothing in it can be wrong."""
    tell(settled, "residents", resident())
    row = {"sid": "TRY-R1", "ver": 2, "op": "d", "name": "", "id_number": number(1)[:-2]}
    assert tell(settled, "residents", row | {"relation": "?"}) == {"in": 1, "deleted": 1}
    kept = read("SELECT count(*)::int AS n FROM sync_quarantine WHERE source = 'try-out'")
    assert kept[0].n == 0


def test_a_record_of_another_source_goes_on_in_its_place(settled: District) -> None:
    """A register moves to another feed: who is in both is the same person when the old one ends."""
    tell(settled, "residents", resident())
    tell(settled, "addresses", address(), source="try-out-two")
    tell(settled, "households", household(), source="try-out-two")
    tell(settled, "residents", resident(relation="spouse"), source="try-out-two")
    before = shown()
    assert before.relation == "spouse"
    assert tell(settled, "residents", gone("TRY-R1", 2), source="try-out-two")["deleted"] == 1
    assert shown() == before._replace(relation="head")
    tell(settled, "residents", resident(ver=3, relation="child"), source="try-out-two")
    tell_all(settled, "residents")
    assert mirrored("residents", "deleted_by") == [("absence",)]
    assert shown() == before._replace(relation="child")
    tell_all(settled, "residents", source="try-out-two")
    assert keys_of("resident") == []


def shown() -> Any:
    (row,) = read("SELECT id, sid, relation FROM resident WHERE sid = 'TRY-R1'")
    return row
