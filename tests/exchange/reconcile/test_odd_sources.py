"""A source that lies, refuses, goes away or names no keys is told apart from a difference."""

from collections.abc import Callable

import pytest

from app.sync.reconcile.findings import Verdict
from app.sync.reconcile.report import Report
from tests.exchange.drops import one
from tests.exchange.reconcile.conftest import Compare, differences
from tests.exchange.reconcile.counting import Counting, bucket_of, day


def test_a_count_that_is_a_lie_is_called_one(counting: Counting, compared: Compare) -> None:
    """Where the keys are not what was counted nobody is missing, but the source is not believed."""
    bucket = bucket_of("TRY-D5")
    counting.lies = {bucket: (9, 1)}
    found = compared(counting)
    assert differences(found) == {"contradicted": 1}
    assert found.verdict is Verdict.DIFFERENT


@pytest.mark.parametrize("lie", [{4096: (1, 1)}, {-1: (1, 1)}, {5: (-1, 1)}, {5: (1, -1)}])
def test_a_count_that_cannot_be_one_is_refused(
    counting: Counting, compared: Compare, lie: dict[int, tuple[int, int]]
) -> None:
    counting.lies = lie
    found = compared(counting)
    assert found.verdict is Verdict.UNKNOWN
    assert (found.message or "").startswith("DIGEST_MALFORMED: ")


@pytest.mark.parametrize("key", ["", "TRY\x00", "TRY\n1", "\ud800", "T" * 1001])
def test_a_key_that_cannot_be_one_is_refused(
    counting: Counting, compared: Compare, key: str
) -> None:
    counting.put("calendar_days", day(301))
    counting.listed = [(key, 1)]
    found = compared(counting)
    assert found.verdict is Verdict.UNKNOWN
    assert (found.message or "").startswith("KEYS_MALFORMED: ")
    assert not key or key not in (found.message or "")


def test_a_strange_key_is_only_missing(counting: Counting, compared: Compare) -> None:
    """Quotes and separators in a key of the source's are letters like others."""
    strange = 'TRY "x"\\.,'
    counting.put("calendar_days", day(301, sid=strange))
    found = compared(counting)
    assert found.keys == {"missing": [strange]}


def test_one_stream_that_is_refused_leaves_the_others(
    counting: Counting,
    report_on: Callable[..., Report],
    read_before: Callable[[Counting], Counting],
) -> None:
    """What cannot be compared is said so; the rest is compared all the same."""
    counting.put("departments")
    counting.streams["departments"] = {}
    counting.refuses["departments"] = "DIGEST_CLOSED"
    report = report_on(counting)
    verdicts = {each.stream: each.verdict for each in report.streams}
    assert verdicts == {"calendar_days": Verdict.EQUAL, "departments": Verdict.UNKNOWN}
    assert not report.equal, "what nobody has compared is not equal"


def test_a_source_that_goes_away_is_not_called_different(
    counting: Counting, compared: Compare
) -> None:
    counting.put("calendar_days", day(301))
    counting.away = "keys"
    found = compared(counting)
    assert (found.verdict, found.message) == (Verdict.UNKNOWN, "AWAY: the line is dead")
    assert one("SELECT count(*) FROM sync_seen") == 0
