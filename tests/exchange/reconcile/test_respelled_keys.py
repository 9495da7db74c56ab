"""A key that the source writes with a blank around it is the key that the contract reads."""

from collections.abc import Callable

import pytest

from app.database import read
from app.sync.reconcile.findings import Verdict
from app.sync.reconcile.report import Report, report_page
from tests.exchange.drops import mirrored, one
from tests.exchange.reconcile.conftest import Compare, differences
from tests.exchange.reconcile.counting import Counting, bucket_of, day, days

BLANKS = ("TRY-D301 ", " TRY-D301", "TRY-D301\n", "\u3000TRY-D301\t ")


def live(sid: str) -> bool:
    return bool(
        read(
            "SELECT FROM src_calendar_days WHERE source = 'try-out' AND sid = %(sid)s"
            " AND deleted_at IS NULL",
            {"sid": sid},
        )
    )


@pytest.fixture(params=BLANKS)
def told(request: pytest.FixtureRequest) -> str:
    """Return the 301st day's key as the source writes it."""
    found: str = request.param
    return found


@pytest.fixture
def blank(counting: Counting, read_before: Callable[[Counting], Counting], told: str) -> Counting:
    """Return a source that was read, one of whose keys has a blank."""
    counting.put("calendar_days", day(301, sid=told))
    read_before(counting)
    assert live("TRY-D301")
    return counting


def test_a_record_whose_key_has_a_blank_lives_on_night_after_night(
    blank: Counting, compared: Compare
) -> None:
    """Both sides have it: nothing is fetched, nothing is deleted, and the blank is mentioned."""
    for _ in range(3):
        found = compared(blank, repair=True)
        assert found.verdict is Verdict.EQUAL
        assert not differences(found)
        assert (found.respelled, found.keys, found.message) == (1, {}, None)
        assert not blank.fetched
    assert all(row.deleted_at is None for row in mirrored("calendar_days", "deleted_at"))
    assert one("SELECT count(*) FROM sync_seen") == 0


def test_what_was_never_read_is_missing_and_fetched_as_the_source_writes_it(
    counting: Counting, compared: Compare, told: str
) -> None:
    """It lies in another bucket there than it would here, and is found all the same."""
    counting.put("calendar_days", day(301, sid=told))
    found = compared(counting)
    assert differences(found) == {"missing": 1}
    assert found.keys == {"missing": ["TRY-D301"]}
    found = compared(counting, repair=True)
    assert (found.verdict, found.repaired, counting.fetched) == (Verdict.EQUAL, 1, [told])
    assert live("TRY-D301")


def test_a_new_version_under_a_key_with_a_blank_is_fetched(
    blank: Counting, compared: Compare, told: str
) -> None:
    blank.put("calendar_days", day(301, sid=told, ver=2, kind="work"))
    found = compared(blank, repair=True)
    assert (found.verdict, found.repaired, blank.fetched) == (Verdict.EQUAL, 1, [told])
    assert one("SELECT ver FROM src_calendar_days WHERE sid = 'TRY-D301'") == 2


def test_a_record_that_goes_goes_though_its_key_had_a_blank(
    blank: Counting, compared: Compare, told: str
) -> None:
    blank.drop("calendar_days", told)
    found = compared(blank, repair=True)
    assert (found.verdict, found.repaired, found.respelled) == (Verdict.EQUAL, 1, 0)
    assert not live("TRY-D301")


def test_a_key_that_loses_its_blank_between_two_looks_is_not_gone(
    blank: Counting, compared: Compare, told: str
) -> None:
    """The first look saw it in one bucket, the second sees it in another."""
    blank.drop("calendar_days", "TRY-D9")

    def respell() -> None:
        blank.drop("calendar_days", told)
        blank.put("calendar_days", day(301))

    blank.meanwhile = [lambda: None, lambda: None, respell]
    found = compared(blank, repair=True)
    assert (found.verdict, found.repaired) == (Verdict.EQUAL, 1)
    assert live("TRY-D301")
    assert compared(blank).respelled == 0


def test_where_keys_have_blanks_a_listing_with_a_hole_deletes_nobody(
    blank: Counting, compared: Compare
) -> None:
    """Whoever was left out of one bucket there may live in any of ours."""
    blank.put("calendar_days", day(302, sid="TRY-D302 "), day(5, ver=2))
    compared(blank, repair=True)
    blank.silent = {bucket_of("TRY-D302 ")}
    found = compared(blank, repair=True)
    assert (found.verdict, found.contradicted, found.extra) == (Verdict.DIFFERENT, 1, 1)
    assert live("TRY-D302")


def test_a_key_that_the_contract_refuses_proves_that_nobody_is_gone(
    counting: Counting, compared: Compare
) -> None:
    """It may be the key of whoever is missing: such a row makes no reading complete either."""
    counting.drop("calendar_days", "TRY-D9")
    counting.put("calendar_days", day(9, sid="TRY D9"))
    found = compared(counting, repair=True)
    assert (found.verdict, found.keyless, found.extra) == (Verdict.DIFFERENT, 1, 1)
    assert live("TRY-D9")
    counting.drop("calendar_days", "TRY D9")
    found = compared(counting, repair=True)
    assert (found.verdict, found.keyless) == (Verdict.EQUAL, 0)
    assert not live("TRY-D9")


def test_a_source_all_of_whose_keys_have_blanks_is_compared_key_by_key(
    read_before: Callable[[Counting], Counting], report_on: Callable[..., Report]
) -> None:
    """More than one part of a listing; the report says how many, to a terminal and to people."""
    source = Counting()
    padded = [{**each, "sid": f"{each['sid']:<12}"} for each in days(2500)]
    source.put("calendar_days", *padded)
    read_before(source)
    report = report_on(source, repair=True)
    (found,) = report.streams
    assert (found.verdict, found.respelled, found.here) == (Verdict.EQUAL, 2500, 2500)
    assert report.lines() == [
        "calendar_days: equal, 2,500 there, 2,500 here, 2,500 respelled",
    ]
    assert "主键（首尾空白）" in report_page(report)
