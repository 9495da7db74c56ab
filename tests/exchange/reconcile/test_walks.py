"""Who compares both sides sees each walk through a source, and may end it; the next is as ever."""

from collections.abc import Callable

import pytest

from app.database import read
from app.sync.inward.engine import Stopped
from app.sync.reconcile.reconciling import reconcile
from app.sync.reconcile.report import Report
from tests.exchange.drops import District, one
from tests.exchange.inward.telling import last_run
from tests.exchange.reconcile.counting import Counting, Reading, day

DAYS, AGAIN = "calendar_days", "calendar_days, again for its keys"
LEFT = "SELECT (SELECT count(*) FROM sync_seen) + (SELECT count(*) FROM sync_look)"

Lines = list[tuple[str, int, int | None]]


def stopping(heard: Lines, walk: str, times: int = 1) -> Callable[[str, int, int | None], None]:
    """Return a progress that ends a walk the first time that it is told of it, or another time."""

    def progress(stream: str, done: int, expected: int | None) -> None:
        heard.append((stream, done, expected))
        if [each for each, _, _ in heard].count(walk) == times:
            raise Stopped

    return progress


@pytest.mark.parametrize("walk", [DAYS, AGAIN])
def test_a_source_that_is_read_through_may_be_left_in_either_walk(
    district: District, reading: Reading, report_on: Callable[..., Report], walk: str
) -> None:
    reading.put(DAYS, day(301))
    heard = Lines()
    with pytest.raises(Stopped):
        reconcile(reading, district.streams, True, stopping(heard, walk))
    assert heard[-1] == (walk, 301, 301)
    assert one(LEFT) == 0
    assert report_on(reading, repair=True).equal


def test_a_repair_that_is_stopped_is_called_so(
    district: District, reading: Reading, report_on: Callable[..., Report]
) -> None:
    """The first look has found something: the second is made as a repair."""
    reading.put(DAYS, day(301))
    with pytest.raises(Stopped):
        reconcile(reading, district.streams, True, stopping(Lines(), AGAIN, times=2))
    run = last_run(DAYS)
    assert (run.kind, run.status, one(LEFT)) == ("repair", "stopped", 0)
    assert report_on(reading, repair=True).equal


def test_the_keys_of_a_source_that_counts_are_told_too(
    district: District, counting: Counting
) -> None:
    """Only where its count differs from ours are there any."""
    heard = Lines()
    reconcile(counting, district.streams, False, stopping(heard, AGAIN))
    counting.put(DAYS, day(301))
    with pytest.raises(Stopped):
        reconcile(counting, district.streams, True, stopping(heard, AGAIN))
    assert [each[0] for each in heard] == [DAYS, DAYS, AGAIN]
    assert heard[-1][2] is None
    assert one(LEFT) == 0
    assert not read("SELECT FROM sync_run WHERE source = 'try-out' AND status = 'running'")
