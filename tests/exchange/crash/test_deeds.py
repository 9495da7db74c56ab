"""Whatever writes into the mirrors may be killed at any point, and is done again to its end."""

import signal
from collections.abc import Mapping

import pytest

from app.database import read, transaction, write
from app.sync import Stream
from tests.exchange.crash import checks
from tests.exchange.crash.conftest import chosen
from tests.exchange.crash.deeds import DEEDS
from tests.exchange.crash.readings import Readings
from tests.exchange.crash.records import SOURCE
from tests.exchange.crash.standing import Stand, clean, standing, told_once

APPROVE = f"""
UPDATE sync_hold SET status = 'approved'
WHERE source = '{SOURCE}' AND status = 'held' RETURNING id
"""
HOLDS = f"SELECT status, count(*) FROM sync_hold WHERE source = '{SOURCE}' GROUP BY 1 ORDER BY 1"
TRIED_AGAIN = "read_aside_again"
"""What is no record still is counted each time that it is tried."""


def make_ready(readings: Readings, streams: Mapping[str, Stream]) -> None:
    """Have all visits made, and what was held approved."""
    clean(streams)
    assert readings.run()[0] == 0
    with transaction():
        assert write(APPROVE)


def left(streams: Mapping[str, Stream], deed: str) -> Stand:
    """Return what a deed leaves, however often it was begun."""
    found = standing(streams)
    found["holds"] = [tuple(row) for row in read(HOLDS)]
    return told_once(found) if deed == TRIED_AGAIN else found


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_struck_at_any_point_ends_as_if_it_had_not_been(
    readings: Readings, streams: Mapping[str, Stream], deed: str
) -> None:
    make_ready(readings, streams)
    before = left(streams, deed)
    ended, calm = readings.run(deed=deed)
    assert ended == 0
    expected, points, wrong = left(streams, deed), calm.reached(), []
    assert expected != before, "it did nothing"
    checks.books_agree(streams)
    checks.product_shows(streams)
    for place in chosen(points):
        make_ready(readings, streams)
        ended, struck = readings.run(die_at=place, deed=deed)
        assert ended == -signal.SIGKILL, points[place]
        assert struck.reached() == points[: place + 1]
        ended, _ = readings.run(deed=deed)
        found = left(streams, deed)
        unequal = [what for what in expected if found[what] != expected[what]]
        if ended or unequal:
            wrong.append((place, points[place], ended, unequal))
    assert not wrong
