"""How long delivery waits before it tries again, and when it gives up."""

from datetime import UTC, datetime, timedelta

import pytest

from notices.delivery.waits import LONGEST_WAIT, MOST_TRIES, next_try, wait_after

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 5), (1, 10), (2, 20), (7, 640), (9, 2560), (10, 3600), (99, 3600)]
)
def test_a_wait_doubles_up_to_an_hour_and_is_spread_by_half(tries: int, seconds: int) -> None:
    usual = timedelta(seconds=seconds)
    assert wait_after(tries, lambda: 1.0) == usual
    found = {wait_after(tries) for _ in range(200)}
    assert len(found) > 100, "all who failed together would come again together"
    assert usual * 0.5 <= min(found) < usual * 0.7
    assert usual * 1.3 < max(found) <= usual * 1.5


def test_nobody_comes_before_they_are_asked_to_nor_after_the_end() -> None:
    asked = timedelta(hours=5)
    when = next_try(NOW, 1, asked, None)
    assert when == NOW + asked
    assert next_try(NOW, 1, asked, NOW + asked) is None
    assert next_try(NOW, MOST_TRIES, None, None) is None
    last = next_try(NOW, MOST_TRIES - 1, None, None)
    assert last is not None
    assert NOW < last <= NOW + LONGEST_WAIT * 1.5
