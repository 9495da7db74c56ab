"""What a provably complete reading does not hold is gone; what proves nothing deletes nothing."""

from collections.abc import Sequence

import pytest

from app.sync.inward.projection import Projection
from tests.exchange.drops import District, Row, Told, drifts, keys_of, mirrored, one, tally
from tests.exchange.inward.telling import gone, last_run, tell, tell_all
from tests.exchange.records import household

THREE = [household(n) for n in (1, 2, 3)]


def test_who_is_missing_from_all_that_there_is_is_gone(addressed: District) -> None:
    addressed.send_all(households=THREE)
    counts = addressed.send_all(households=THREE[:2])
    assert tally(counts["households"]) == {"in": 2, "same": 2}
    assert keys_of("household") == ["TRY-H1", "TRY-H2"]
    (row,) = [row for row in mirrored("households", "sid, ver, deleted_by") if row.deleted_by]
    assert tuple(row) == ("TRY-H3", 1, "absence")
    booked = one("SELECT sum(n_deleted) FROM sync_batch WHERE source = 'try-out'")
    assert (booked, last_run("households").status) == (1, "done")


def test_who_is_missing_from_a_part_is_not(addressed: District) -> None:
    addressed.send_all(households=THREE)
    addressed.send(households=THREE[:1])
    assert keys_of("household") == ["TRY-H1", "TRY-H2", "TRY-H3"]


def test_the_same_list_said_to_be_all_there_is_has_more_to_say(addressed: District) -> None:
    """A manifest that was wrong is put right, and not a byte of the list has changed."""
    addressed.send_all(households=THREE)
    for said, here in ((False, 3), (True, 2), (True, 2), (False, 2)):
        addressed.drop("two", said, households=THREE[:2])
        assert tally(addressed.load()["households"]) == ({} if here == 2 else {"in": 2, "same": 2})
        assert len(keys_of("household")) == here
    assert drifts() == {}


def test_another_source_says_nothing_of_this_one(addressed: District) -> None:
    addressed.send_all(households=THREE)
    tell_all(addressed, "households", source="try-out-two")
    assert len(keys_of("household")) == 3


def test_one_comes_and_one_goes_and_the_count_is_the_same(addressed: District) -> None:
    """As many rows as there were are no proof that they are the same."""
    addressed.send_all(households=THREE)
    addressed.send_all(households=[*THREE[:2], household(4)])
    assert keys_of("household") == ["TRY-H1", "TRY-H2", "TRY-H4"]


def test_a_reading_that_was_broken_off_and_went_on_sees_all(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first half of it read is not missing from the second."""
    tell(addressed, "households", household(9))
    addressed.drop(complete=True, households=[household(n) for n in range(1, 7)])
    whole, pages = Projection.arrived, []

    def dying(self: Projection) -> None:
        pages.append(self)
        if len(pages) == 2:
            raise KeyboardInterrupt
        whole(self)

    with monkeypatch.context() as dead:
        dead.setattr(Projection, "arrived", dying)
        with pytest.raises(KeyboardInterrupt):
            addressed.load(page_rows=2)
    assert "TRY-H9" in keys_of("household")
    assert tally(addressed.load(page_rows=2)["households"]) == {"in": 4, "inserted": 4}
    assert keys_of("household") == [f"TRY-H{n}" for n in range(1, 7)]


def dies_at(what: str, district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a reading die where it comes to a function."""

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dead:
        dead.setattr(what, dying)
        with pytest.raises(KeyboardInterrupt):
            district.load()


def test_a_reading_that_died_at_its_end_still_deletes_when_it_goes_on(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All pages are in, only what is missing was not looked for yet."""
    addressed.send_all(households=THREE)
    addressed.drop("the next", True, households=THREE[:1])
    dies_at("app.sync.inward.engine.settle_absence", addressed, monkeypatch)
    assert len(keys_of("household")) == 3
    assert tally(addressed.load()["households"]) == {}
    assert keys_of("household") == ["TRY-H1"]


def test_a_row_in_quarantine_was_there(addressed: District) -> None:
    """Whatever is wrong with a row, its person is in the register."""
    addressed.send_all(households=THREE)
    spoilt = household(3, ver=2, tenure="squatter")
    counts = addressed.send_all(households=[THREE[0], spoilt])
    assert tally(counts["households"]) == {"in": 2, "same": 1, "bad": 1}
    assert keys_of("household") == ["TRY-H1", "TRY-H3"]


UNPROVEN: dict[str, Sequence[Row]] = {
    "no key": [household(1), household(2, sid="")],
    "a key that is none": [household(1), household(2, sid="TRY H2")],
}


@pytest.mark.parametrize("rows", UNPROVEN.values(), ids=UNPROVEN.keys())
def test_a_row_without_a_key_may_be_anybody(addressed: District, rows: Sequence[Row]) -> None:
    """Who is missing could be the one whose key cannot be read: nobody is deleted."""
    addressed.send_all(households=THREE)
    addressed.send_all(households=rows)
    assert len(keys_of("household")) == 3
    noted = drifts()["COMPLETENESS"]
    assert (noted.stream, noted.subject) == ("households", "rows without a key")
    assert noted.detail == {"count": 1}


def test_more_rows_put_aside_than_are_remembered_prove_nothing_and_are_called_so(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose rows they are is known, but not of all: who is missing could be one of them."""
    monkeypatch.setattr("app.sync.inward.reckoning.MOST_EXCUSED", 2)
    addressed.send_all(households=THREE)
    bad = [household(n, tenure="squatter") for n in (1, 2)]
    addressed.send_all(households=bad)
    assert len(keys_of("household")) == 3
    noted = drifts()["COMPLETENESS"]
    assert (noted.subject, noted.detail) == ("rows put aside", {"count": 2})


def test_a_doubt_is_counted_once_though_the_reading_dies_after_it(
    addressed: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes into the books with the end of the reading, or not at all."""
    addressed.send_all(households=THREE)
    addressed.drop("the next", True, households=UNPROVEN["no key"])
    dies_at("app.sync.inward.books.Run.fresh", addressed, monkeypatch)
    assert "COMPLETENESS" not in drifts()
    addressed.load()
    assert drifts()["COMPLETENESS"].times == 1


def test_fewer_rows_than_were_counted_prove_nothing(addressed: District) -> None:
    addressed.send_all(households=THREE)
    short = Told({"households": [THREE[:1]]}, complete=True, rows=3)
    assert addressed.hear(short)["households"].status == "done"
    assert len(keys_of("household")) == 3
    assert drifts()["COMPLETENESS"].subject == "rows"


def test_a_source_that_stops_halfway_deletes_nobody(addressed: District) -> None:
    addressed.send_all(households=THREE)
    half = Told({"households": [THREE[:1]]}, complete=True, ends=True)
    assert addressed.hear(half)["households"].status == "refused"
    assert len(keys_of("household")) == 3


@pytest.mark.parametrize("ver", [1, 2])
def test_who_returns_is_back_with_the_version_they_had(addressed: District, ver: int) -> None:
    """A list that left somebody out by mistake is mended by the next: nothing has changed since."""
    addressed.send_all(households=THREE)
    addressed.send_all(households=THREE[:2])
    back = household(3, ver=ver)
    counts = addressed.send_all("once more", households=[*THREE[:2], back])
    assert tally(counts["households"]) == {"in": 3, "same": 2, "updated": 1}
    assert keys_of("household") == ["TRY-H1", "TRY-H2", "TRY-H3"]


def test_who_returns_as_they_were_before_stays_gone(addressed: District) -> None:
    addressed.send_all(households=[household(1), household(2, ver=5)])
    addressed.send_all(households=[household(1)])
    counts = tell(addressed, "households", household(2, ver=4))
    assert counts == {"in": 1, "stale": 1}
    assert keys_of("household") == ["TRY-H1"]


def test_a_list_may_name_who_is_gone(addressed: District) -> None:
    addressed.send_all(households=THREE)
    tell_all(addressed, "households", household(1), gone("TRY-H2", 2))
    ends = {row.sid: row.deleted_by for row in mirrored("households", "sid, deleted_by")}
    assert ends == {"TRY-H1": None, "TRY-H2": "source", "TRY-H3": "absence"}
    again = tell_all(addressed, "households", household(1), gone("TRY-H2", 2))
    assert again == {"in": 2, "same": 2}


def test_what_was_looked_at_is_forgotten(addressed: District) -> None:
    addressed.send_all(households=THREE)
    addressed.send_all(households=THREE[:2])
    assert one("SELECT count(*) FROM sync_seen") == 0


def test_two_sides_that_are_found_equal_are_said_to_be(addressed: District) -> None:
    equal_at = (
        "SELECT equal_at FROM sync_checkpoint WHERE source = 'try-out' AND stream = 'households'"
    )
    tell(addressed, "households", *THREE)
    assert one(equal_at) is None
    addressed.send_all(households=THREE)
    assert one(equal_at) is not None


def test_a_list_of_nobody_deletes_the_few_that_there_were(addressed: District) -> None:
    addressed.send_all(households=THREE)
    assert tally(addressed.send_all(households=[])["households"]) == {}
    assert keys_of("household") == []
