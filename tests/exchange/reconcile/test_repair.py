"""What differs is read anew through the same door, and what is gone there goes here, but braked."""

from collections.abc import Callable

import pytest

from app.database import read, transaction, write
from app.sync.inward.drift import BOOKS
from app.sync.inward.holds import carry_out_approved
from app.sync.inward.needs import Needs
from app.sync.inward.suppression import suppress
from app.sync.reconcile.comparison import REPAIRED
from app.sync.reconcile.findings import Verdict
from app.sync.reconcile.reconciling import reconcile_nightly
from app.sync.reconcile.report import Report
from tests.exchange.drops import District, Told, drifts, mirrored, one, quiet
from tests.exchange.reconcile.conftest import Compare
from tests.exchange.reconcile.counting import Counting, Reading, Row, bucket_of, day, days
from tests.exchange.records import address, household

LIVE = """
SELECT count(*) FROM src_calendar_days WHERE source = 'try-out' AND deleted_at IS NULL
"""
SHOWN = "SELECT kind FROM calendar_day WHERE day = %(day)s"


def test_what_differs_is_read_anew(counting: Counting, compared: Compare) -> None:
    """Only that is asked for, and people see it at once."""
    counting.put("calendar_days", day(301), day(7, ver=2, kind="work"))
    counting.drop("calendar_days", "TRY-D9")
    found = compared(counting, repair=True)
    assert (found.verdict, found.repaired) == (Verdict.EQUAL, 3)
    assert (found.missing, found.extra, found.differing) == (0, 0, 0)
    assert sorted(counting.fetched) == ["TRY-D301", "TRY-D7"]
    assert one(SHOWN, day=day(7)["date"]) == "work"
    assert not read(SHOWN, {"day": day(9)["date"]})
    assert compared(counting).verdict is Verdict.EQUAL
    assert one("SELECT count(*) FROM sync_seen") == 0


def test_a_repair_is_booked_and_moves_no_cursor(counting: Counting, compared: Compare) -> None:
    """Every row of it is accounted for, and the next reading goes on where the last one ended."""
    cursor = "SELECT cursor FROM sync_checkpoint WHERE source = 'try-out'"
    before = one(cursor)
    counting.put("calendar_days", day(301))
    found = compared(counting, repair=True)
    assert one(cursor) == before
    (run,) = read("SELECT * FROM sync_run WHERE source = 'try-out' ORDER BY id DESC LIMIT 1")
    assert (run.status, run.message) == ("done", REPAIRED)
    batches = read(
        "SELECT n_in, n_inserted FROM sync_batch WHERE run_id = %(run)s", {"run": run.id}
    )
    assert [(each.n_in, each.n_inserted) for each in batches] == [(1, 1)]
    assert (found.last_status, found.last_message) == ("done", None), "the last reading, no repair"


def test_many_deletions_wait_for_somebodys_word(counting: Counting, compared: Compare) -> None:
    """A source that has lost 60 of 300 has probably lost its mind, not 60 days."""
    counting.drop("calendar_days", *(f"TRY-D{serial}" for serial in range(1, 61)))
    found = compared(counting, repair=True)
    assert found.verdict is Verdict.DIFFERENT
    assert (found.extra, found.held, found.repaired) == (60, 60, 0)
    assert one(LIVE) == 300
    assert len(found.keys["extra"]) == 20, "some keys are named, not all"


def test_fifty_deletions_need_nobodys_word(counting: Counting, compared: Compare) -> None:
    counting.drop("calendar_days", *(f"TRY-D{serial}" for serial in range(1, 51)))
    found = compared(counting, repair=True)
    assert (found.verdict, found.repaired, found.held) == (Verdict.EQUAL, 50, 0)
    assert one(LIVE) == 250


LOST = [f"TRY-D{serial}" for serial in range(10, 71)]
"""So many that they are held."""

HOLDS = "SELECT status FROM sync_hold WHERE source = 'try-out' ORDER BY id"


def lose(source: Counting, compared: Compare, status: str) -> dict[str, Row]:
    """Have a source lose records that are held then, or approved; return what it had."""
    had = {sid: source.streams["calendar_days"][sid] for sid in LOST}
    source.drop("calendar_days", *LOST)
    assert compared(source, repair=True).held == 61
    with transaction():
        write("UPDATE sync_hold SET status = %(status)s", {"status": status})
    return had


def holds() -> list[str]:
    return [row.status for row in read(HOLDS)]


@pytest.mark.parametrize("status", ["held", "approved"])
@pytest.mark.parametrize("repair", [False, True])
@pytest.mark.parametrize("news", [(), (day(301),)], ids=["equal", "with news"])
@pytest.mark.parametrize("kind", ["counting", "reading"])
def test_deletions_that_wait_lapse_once_all_are_there_again(
    request: pytest.FixtureRequest,
    district: District,
    compared: Compare,
    status: str,
    repair: bool,
    news: tuple[Row, ...],
    kind: str,
) -> None:
    """Somebody looked and found them: no word that was given before deletes them."""
    source: Counting = request.getfixturevalue(kind)
    had = lose(source, compared, status)
    source.put("calendar_days", *had.values(), *news)
    found = compared(source, repair=repair)
    assert (found.held, found.extra, holds()) == (0, 0, ["lapsed"])
    assert carry_out_approved({each.name: each for each in district.streams}) == 0


@pytest.mark.parametrize("repair", [False, True])
@pytest.mark.parametrize("kind", ["counting", "reading"])
def test_of_deletions_that_were_approved_those_are_left_that_are_still_wanted(
    request: pytest.FixtureRequest,
    district: District,
    compared: Compare,
    repair: bool,
    kind: str,
) -> None:
    source: Counting = request.getfixturevalue(kind)
    had = lose(source, compared, "approved")
    source.put("calendar_days", *(had[sid] for sid in LOST[:5]))
    found = compared(source, repair=repair)
    assert (found.extra, found.held, holds()) == (56, 0, ["approved"])
    assert carry_out_approved({each.name: each for each in district.streams}) == 56
    assert one(LIVE) == 300 - 56
    assert compared(source).verdict is Verdict.EQUAL


def test_deletions_that_are_held_while_both_sides_are_compared_are_not_judged_by_that(
    counting: Counting, district: District, compared: Compare
) -> None:
    """What was looked at may be older than the list that has them no more."""

    def newer() -> None:
        told = Told({"calendar_days": [[row for row in days(300) if row["sid"] not in LOST]]}, True)
        assert district.hear(told)["calendar_days"].status == "held"

    counting.meanwhile = [newer]
    found = compared(counting)
    assert (found.verdict, found.held, holds()) == (Verdict.EQUAL, 61, ["held"])


def test_a_bucket_whose_keys_are_not_listed_deletes_nobody(
    counting: Counting, compared: Compare
) -> None:
    """Two counted and none listed: the listing has a hole, and who lives in it stays."""
    counting.silent = {bucket_of("TRY-D5")}
    counting.put("calendar_days", day(5, ver=2, kind="work"))
    counting.drop("calendar_days", "TRY-D9")
    found = compared(counting, repair=True)
    assert found.contradicted == 1
    assert found.verdict is Verdict.DIFFERENT
    assert read("SELECT FROM src_calendar_days WHERE sid = 'TRY-D5' AND deleted_at IS NULL")
    assert not read("SELECT FROM src_calendar_days WHERE sid = 'TRY-D9' AND deleted_at IS NULL")


def test_what_comes_back_between_the_looks_is_not_deleted(
    counting: Counting, compared: Compare
) -> None:
    """Away in the first look and there in the second: it was a move, not a farewell."""
    kept = counting.streams["calendar_days"]["TRY-D9"]
    counting.drop("calendar_days", "TRY-D9", "TRY-D10")
    counting.meanwhile = [
        lambda: None,
        lambda: None,
        lambda: counting.put("calendar_days", kept),
    ]
    found = compared(counting, repair=True)
    assert (found.verdict, found.repaired) == (Verdict.EQUAL, 1)
    assert read("SELECT FROM src_calendar_days WHERE sid = 'TRY-D9' AND deleted_at IS NULL")


def test_what_goes_while_it_is_fetched_is_left_to_the_next_reading(
    counting: Counting, compared: Compare
) -> None:
    """A record that vanishes before it is fetched has moved; it is no difference that is left."""
    counting.put("calendar_days", day(301))
    counting.meanwhile = [
        *[lambda: None] * 4,
        lambda: counting.drop("calendar_days", "TRY-D301"),
    ]
    found = compared(counting, repair=True)
    assert found.verdict is Verdict.EQUAL
    assert one(LIVE) == 300


def test_a_fetch_that_breaks_off_keeps_what_was_mended(
    counting: Counting, compared: Compare
) -> None:
    counting.put("calendar_days", day(301))
    counting.away = "fetch"
    found = compared(counting, repair=True)
    assert (found.verdict, found.missing) == (Verdict.DIFFERENT, 1)
    assert found.message == "AWAY: the line is dead"
    assert one("SELECT status FROM sync_run WHERE source = 'try-out' ORDER BY id DESC LIMIT 1") == (
        "away"
    )
    counting.away = ""
    assert compared(counting, repair=True).verdict is Verdict.EQUAL


def test_a_reader_that_was_running_gives_way_to_a_repair(
    counting: Counting, district: District, compared: Compare
) -> None:
    """Two never write one stream at once: the reading stops, and is taken up later."""
    counting.put("calendar_days", day(301))
    outcomes = []

    class Interrupted(Counting):
        def pages(self, stream, cursor, size):  # type: ignore[no-untyped-def]
            compared(counting, repair=True)
            yield from super().pages(stream, cursor, size)

    other = Interrupted(counting.streams)
    outcomes = [each.status for each in district.hear(other).values()]
    assert outcomes == ["overtaken"]
    assert compared(counting).verdict is Verdict.EQUAL


def test_a_repair_brings_home_what_waited(
    district: District,
    report_on: Callable[..., Report],
    read_before: Callable[[Counting], Counting],
) -> None:
    """The address that was lost on the way is fetched, and the household it belongs to counts."""
    source = Counting()
    source.put("households", household(1))
    source.put("addresses", address(2))
    read_before(source)
    source.put("addresses", address(1))
    assert not read("SELECT FROM household WHERE sid = 'TRY-H1'")
    report = report_on(source, repair=True)
    assert report.equal
    assert one("SELECT tenure FROM household WHERE sid = 'TRY-H1'") == "owner"


def test_who_was_erased_here_is_not_fetched_back(
    district: District, read_before: Callable[[Counting], Counting], compared: Compare
) -> None:
    """The source has them still: that is a difference with a reason, and no repair brings them."""
    source = Counting()
    source.put("calendar_days", *days(3))
    read_before(source)
    streams = {each.name: each for each in district.streams}
    assert suppress("try-out", streams["calendar_days"], "TRY-D1", Needs(streams), None, "asked")
    for _ in range(2):
        found = compared(source, repair=True)
        assert (found.verdict, found.suppressed, found.missing) == (Verdict.EQUAL, 1, 0)
        assert source.fetched == []
        assert [row.sid for row in mirrored("calendar_days", "sid")] == ["TRY-D2", "TRY-D3"]


def test_a_source_that_does_not_count_is_mended_by_reading(
    reading: Reading, compared: Compare
) -> None:
    """Whole readings mend the same, with the same brake."""
    reading.put("calendar_days", day(301), day(7, ver=2, kind="work"))
    reading.drop("calendar_days", "TRY-D9")
    found = compared(reading, repair=True)
    assert (found.verdict, found.repaired) == (Verdict.EQUAL, 3)
    assert one(SHOWN, day=day(7)["date"]) == "work"
    reading.drop("calendar_days", *(f"TRY-D{serial}" for serial in range(10, 71)))
    found = compared(reading, repair=True)
    assert (found.extra, found.held) == (61, 61)


def test_books_that_are_wrong_are_mended_and_noted(counting: Counting, compared: Compare) -> None:
    """Somebody wrote past the merge: our own count is put right before anybody else is accused."""
    with transaction():
        write("UPDATE src_calendar_days SET ver = 5 WHERE sid = 'TRY-D7'", {})
        write("DELETE FROM src_calendar_days WHERE sid = 'TRY-D8'", {})
        write(
            "UPDATE sync_bucket SET n = n + 1 WHERE source = 'try-out' AND bucket = %(bucket)s",
            {"bucket": bucket_of("TRY-D9")},
        )
        write(
            "INSERT INTO sync_bucket VALUES ('try-out', 'calendar_days', %(free)s, 3, 4, 5)",
            {"free": next(n for n in range(4096) if n not in buckets())},
        )
    found = compared(counting)
    assert found.books == 4
    assert drifts()[BOOKS].times == 4
    assert (found.missing, found.differing, found.extra) == (1, 1, 0)
    assert found.here == 299
    again = compared(counting, repair=True)
    assert again.books == 0
    assert [each["kind"] for each in again.drift] == [BOOKS]


def buckets() -> set[int]:
    return {row.bucket for row in read("SELECT bucket FROM sync_bucket WHERE source = 'try-out'")}


def test_a_night_reads_first_and_mends_what_reading_did_not_bring(
    counting: Counting, district: District, tmp_path: object
) -> None:
    """What an ordinary reading brings was only late: nothing was fetched for it."""
    counting.put("calendar_days", *days(5, 301))
    report = reconcile_nightly(counting, district.streams, quiet)
    assert report.equal
    assert not counting.fetched
    assert [each.repaired for each in report.streams] == [0]
