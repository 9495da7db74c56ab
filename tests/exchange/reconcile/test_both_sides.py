"""Both sides are counted, and what differs is named: no more than that, and no less."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read, statements_so_far, transaction, write
from app.privacy import vault
from app.sync.reconcile.findings import Verdict
from tests.exchange.drops import District, one
from tests.exchange.reconcile.conftest import Compare, differences
from tests.exchange.reconcile.counting import Counting, Reading, day, days, mark_of
from tests.exchange.records import address, household

NAMES = {"source": "try-out", "stream": "calendar_days"}


def test_what_was_read_is_equal(counting: Counting, compared: Compare) -> None:
    """300 there, 300 here, and no key was asked for: 4,096 pairs of numbers were enough."""
    found = compared(counting)
    assert (found.verdict, found.there, found.here) == (Verdict.EQUAL, 300, 300)
    assert not differences(found)
    assert counting.asked == ["digest"]
    assert found.equal_at is not None
    assert found.fresh_at is not None


def test_what_differs_is_named(counting: Counting, compared: Compare) -> None:
    """One that was never read, one that is gone, one that has changed: each by its key."""
    counting.put("calendar_days", day(301), day(7, ver=2, kind="work"))
    counting.drop("calendar_days", "TRY-D9")
    found = compared(counting)
    assert found.verdict is Verdict.DIFFERENT
    assert differences(found) == {"missing": 1, "extra": 1, "differing": 1}
    keys = {"missing": ["TRY-D301"], "extra": ["TRY-D9"], "differing": ["TRY-D7"]}
    assert found.keys == keys
    assert (found.there, found.here) == (300, 300), "counting alone would have seen nothing"
    assert found.equal_at is None


def test_looking_changes_nothing(counting: Counting, compared: Compare) -> None:
    """Without being told to, nothing is mended, and whoever reads is not disturbed."""
    counting.put("calendar_days", day(301))
    fence = one("SELECT fence FROM sync_checkpoint WHERE source = 'try-out'")
    compared(counting)
    assert one("SELECT count(*) FROM src_calendar_days WHERE source = 'try-out'") == 300
    assert one("SELECT fence FROM sync_checkpoint WHERE source = 'try-out'") == fence
    assert not counting.fetched
    assert one("SELECT count(*) FROM sync_seen") == 0


def test_an_older_version_there_is_told_apart(counting: Counting, compared: Compare) -> None:
    """A source that went back to an old copy is not mended by reading: somebody must know."""
    counting.put("calendar_days", day(7, ver=3))
    compared(counting, repair=True)
    counting.put("calendar_days", day(7, ver=1))
    found = compared(counting, repair=True)
    assert differences(found) == {"differing": 1}
    assert (found.older_there, found.repaired) == (1, 0)


def test_what_is_put_aside_is_not_missing(
    counting: Counting, district: District, compared: Compare
) -> None:
    """A row in quarantine and somebody erased are not here for a good reason, and said apart."""
    counting.put("calendar_days", day(301, kind="nonsense"), day(302), day(8, ver=2, date="never"))
    with transaction():
        write(
            "INSERT INTO sync_suppressed (source, stream, sid_index)"
            " VALUES ('try-out', 'calendar_days', %(index)s)",
            {"index": vault.index("sid", "TRY-D302")},
        )
    district.hear(counting)
    found = compared(counting)
    assert differences(found) == {"quarantined": 2, "suppressed": 1}
    assert found.verdict is Verdict.EQUAL
    assert found.keys == {"quarantined": ["TRY-D301", "TRY-D8"]}, "whoever was erased is not named"
    assert (found.quarantine_open, found.erased) == (2, 1)


@pytest.mark.parametrize("make", [Counting, Reading])
def test_a_row_that_somebody_dismissed_is_put_aside_for_good(
    make: type[Counting], read_before: Callable[[Counting], Counting], compared: Compare
) -> None:
    """Whoever said that it is none has not made it missing: no night fetches it again."""
    source = make()
    source.put("calendar_days", *days(3), day(4, kind="nonsense"))
    read_before(source)
    with transaction():
        write(
            "UPDATE sync_quarantine SET status = 'dismissed', closed_at = now()"
            " WHERE source = 'try-out'"
        )
    for _ in range(2):
        found = compared(source, repair=True)
        assert (found.verdict, differences(found)) == (Verdict.EQUAL, {"quarantined": 1})
        assert (found.quarantine_open, source.fetched) == (0, [])


def test_a_row_that_was_dismissed_hides_no_later_version(
    counting: Counting, district: District, compared: Compare
) -> None:
    """It was said of that row; what the source has made of it since is missing like any other."""
    counting.put("calendar_days", day(301, kind="nonsense"), day(7, ver=2, kind="nonsense"))
    district.hear(counting)
    with transaction():
        write("UPDATE sync_quarantine SET status = 'dismissed' WHERE source = 'try-out'")
    assert compared(counting).verdict is Verdict.EQUAL
    counting.put("calendar_days", day(301, ver=2), day(7, ver=3))
    assert differences(compared(counting)) == {"missing": 1, "differing": 1}
    assert compared(counting, repair=True).verdict is Verdict.EQUAL
    assert sorted(counting.fetched) == ["TRY-D301", "TRY-D7"]


def test_what_waits_is_here(
    district: District, compared: Compare, read_before: Callable[[Counting], Counting]
) -> None:
    """A household whose address has not come is here and equal, and said to wait."""
    source = Counting()
    source.put("households", household(1), household(2, address_sid="TRY-A2"))
    source.put("addresses", address(2))
    read_before(source)
    found = compared(source, stream="households")
    assert found.verdict is Verdict.EQUAL
    assert (found.waiting, found.keys) == (1, {"waiting": ["TRY-H1"]})


def test_what_moves_while_we_look_is_no_difference(
    counting: Counting, district: District, compared: Compare
) -> None:
    """Records that come, go and change between two looks are not judged, and counted so."""
    counting.put("calendar_days", day(301), day(302))

    def read_one_late() -> None:
        late = Counting()
        late.put("calendar_days", day(301))
        district.hear(late)

    change = [
        lambda: None,
        read_one_late,
        lambda: counting.put("calendar_days", day(302, ver=2)),
    ]
    counting.meanwhile = [*change]
    found = compared(counting)
    assert differences(found) == {"moving": 1}
    assert found.verdict is Verdict.EQUAL


def test_a_source_that_does_not_count_is_read_once_more(
    reading: Reading, compared: Compare
) -> None:
    """The same is found by reading it for its keys."""
    assert compared(reading).verdict is Verdict.EQUAL
    reading.put("calendar_days", day(301), day(7, ver=2), day(8, kind="nonsense"))
    reading.drop("calendar_days", "TRY-D9")
    found = compared(reading)
    assert differences(found) == {"missing": 1, "extra": 1, "differing": 1, "quarantined": 1}
    keys = {"missing": ["TRY-D301"], "extra": ["TRY-D9"], "differing": ["TRY-D7"]}
    assert found.keys == {**keys, "quarantined": ["TRY-D8"]}
    assert one("SELECT count(*) FROM sync_seen") == 0


def test_content_that_changed_without_a_version_shows_in_a_reading(
    reading: Reading, compared: Compare
) -> None:
    """A count of versions cannot see it; whoever reads it all does."""
    reading.put("calendar_days", day(7, name="改名"))
    assert differences(compared(reading)) == {"differing": 1}


def test_neither_counting_nor_complete_cannot_be_compared(
    reading: Reading, compared: Compare
) -> None:
    reading.offers = Counting.offers.__get__(reading)  # type: ignore[method-assign]
    found = compared(reading)
    assert found.verdict is Verdict.UNKNOWN
    assert (found.message or "").startswith("NOT_COUNTED: ")


def test_the_work_does_not_grow_with_the_stream(
    counting: Counting, read_before: Callable[[Counting], Counting], compared: Compare
) -> None:
    """As many statements for 3,000 records, 200 of them missing, as for 300 and one."""

    def spent() -> int:
        before = statements_so_far()
        compared(counting)
        return statements_so_far() - before

    equal = spent()
    counting.put("calendar_days", day(301))
    few = spent()
    counting.put("calendar_days", *days(2500, 301))
    read_before(counting)
    for serial in range(1, 81):
        counting.put("calendar_days", day(4000 + serial))
    assert spent() == few
    assert equal <= 14
    assert few <= 42


changes = st.dictionaries(
    st.integers(1, 12), st.sampled_from(("gone", "changed", "bad", "new")), max_size=8
)


@settings(
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changed=changes, counts=st.booleans(), repair=st.booleans())
def test_both_ways_of_looking_agree_with_what_was_done(
    district: District, compared: Compare, changed: dict[int, str], counts: bool, repair: bool
) -> None:
    """Whatever happens at the source, each record is named as what it is, and mended if told."""
    district.forget()
    source = Counting() if counts else Reading()
    source.put("calendar_days", *days(12))
    district.hear(source)
    for serial, what in changed.items():
        if what == "gone":
            source.drop("calendar_days", f"TRY-D{serial}")
        elif what == "changed":
            source.put("calendar_days", day(serial, ver=2, kind="work"))
        elif what == "bad":
            source.put("calendar_days", day(serial, ver=2, kind="nonsense"))
        else:
            source.put("calendar_days", day(20 + serial))
    found = compared(source, repair)
    kinds = Counter(changed.values())
    if repair:
        # a source that counts learns only by the repair that a row is bad
        assert found.verdict is Verdict.EQUAL
        assert found.repaired == kinds["new"] + kinds["changed"] + kinds["gone"]
        assert found.quarantined == kinds["bad"]
        assert sorted(live()) == sorted(
            (sid, 1 if row["kind"] == "nonsense" else row["ver"])
            for sid, row in source.streams["calendar_days"].items()
        )
        return
    differing = kinds["changed"] + (kinds["bad"] if counts else 0)
    assert (found.missing, found.extra, found.differing) == (kinds["new"], kinds["gone"], differing)
    assert found.quarantined == (0 if counts else kinds["bad"])


def live() -> list[tuple[str, int]]:
    rows = read(
        "SELECT sid, ver FROM src_calendar_days WHERE source = 'try-out' AND deleted_at IS NULL"
    )
    return [(row.sid, row.ver) for row in rows]


def test_marks_are_reckoned_as_the_protocol_says(counting: Counting) -> None:
    """The same sums in Python, in our books, and in any database that knows MD5."""
    ((ours,),) = read(
        "SELECT sum(versions) FROM sync_bucket WHERE source = %(source)s AND stream = %(stream)s",
        NAMES,
    )
    assert ours == sum(mark_of(f"TRY-D{serial}", 1) for serial in range(1, 301))
