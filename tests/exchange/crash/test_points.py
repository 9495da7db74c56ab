"""A reading may be killed, or cut off, at any point: nothing is lost, nothing comes twice."""

import signal
from collections.abc import Mapping

import pytest

from app.database import transaction, write
from app.sync import Stream
from tests.exchange.crash import checks
from tests.exchange.crash.conftest import ALL, SEED, Calm, chosen
from tests.exchange.crash.driver import CUT_OFF, DISCONNECT
from tests.exchange.crash.feed import ERASED, rows_told, visits
from tests.exchange.crash.model import ledgers
from tests.exchange.crash.readings import Readings, Receipts
from tests.exchange.crash.records import SOURCE
from tests.exchange.crash.standing import COUNTED, clean, standing, touched

PARTS = 8 if ALL else 2
"""In how many parts the points are tried, so that each processor gets its share."""


def test_a_calm_reading_leaves_what_the_source_says(
    readings: Readings, streams: Mapping[str, Stream]
) -> None:
    """The yardstick of all the other tests is itself held against a plain reckoning."""
    assert readings.run()[0] == 0
    said = visits(SEED)
    expected = ledgers(streams, said)
    checks.mirror_is(expected)
    checks.mirror_was_told(expected)
    checks.books_agree(streams)
    checks.product_shows(streams)
    checks.nobody_waits_in_vain(streams)
    checks.every_row_is_booked(rows_told(said), expected)
    assert not standing(streams)["tallied"], "sums are kept beside the buckets for good"
    assert all(not rows for name, rows in known_of(ERASED).items()), "somebody erased is back"


def known_of(sid: str) -> dict[str, list[object]]:
    sql = "SELECT sid FROM {} WHERE sid = %(sid)s"
    asked = {name: sql.format(name) for name in ("src_residents", "resident")}
    with transaction():
        return {name: write(query, {"sid": sid}) for name, query in asked.items()}


def test_the_made_up_source_does_everything_wrong_that_a_source_does(calm: Calm) -> None:
    stand, points, _ = calm
    sums = [sum(row[1 + place] for row in stand["sums"]) for place in range(len(COUNTED))]
    assert all(sums), dict(zip(COUNTED, sums, strict=True))
    assert {"held", "deleted", "seen", "laid", "brought home", "tallied"} <= set(points)
    codes = {row[3] for row in stand["quarantine"]}
    assert {"CODE_REUSED", "NOT_A_PHONE", "MISSING", "ROW_BROKEN"} <= codes
    assert {row[6] for row in stand["quarantine"]} == {"open", "superseded"}
    drifts = {row[1] for row in stand["drift"]}
    assert drifts == {"VERSION_REUSED", "COLUMN_NEW", "COMPLETENESS"}
    assert stand["held"]
    assert not stand["tallied"]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    ("by", "ends"), [(signal.SIGKILL, {-signal.SIGKILL}), (DISCONNECT, {0, CUT_OFF})]
)
def test_a_reading_struck_at_any_point_ends_as_if_it_had_not_been(
    calm: Calm,
    readings: Readings,
    streams: Mapping[str, Stream],
    by: signal.Signals | str,
    ends: set[int],
    part: int,
) -> None:
    """Killed itself, or with the server hanging up on it: between pages it may even go on."""
    expected, points, receipts = calm
    wrong = []
    for place in chosen(points)[part::PARTS]:
        clean(streams)
        ended, reading = readings.run(die_at=place, by=by)
        assert ended in ends, points[place]
        assert reading.reached()[: place + 1] == points[: place + 1]
        ended, rest = readings.run(visit=reading.next_visit(otherwise=0))
        found = standing(streams)
        unequal = [what for what in expected if found[what] != expected[what]]
        heard = reading.receipts() | rest.receipts()
        if receipts - heard or not told_again(heard - receipts, receipts):
            unequal.append("receipts")
        if ended or unequal:
            wrong.append((place, points[place], ended, unequal))
    assert not wrong


def told_again(more: Receipts, receipts: Receipts) -> bool:
    """Tell whether all of these receipts had been given on a visit before: a repeat is allowed."""
    known = {(stream, row): int(visit) for visit, stream, row in sorted(receipts, reverse=True)}
    return all(known.get((stream, row), int(visit)) < int(visit) for visit, stream, row in more)


def test_a_killed_reading_raises_no_alarm_about_its_size(
    calm: Calm, readings: Readings, streams: Mapping[str, Stream]
) -> None:
    expected, points, _ = calm
    _, reading = readings.run(die_at=points.index("deleted"))
    assert readings.run(visit=reading.next_visit(otherwise=0))[0] == 0
    assert standing(streams)["volume"] == expected["volume"]


def test_what_was_read_is_read_again_from_the_start_and_nothing_is_written(
    readings: Readings, streams: Mapping[str, Stream]
) -> None:
    """Even when the checkpoint is lost: unchanged rows cost no write."""
    assert readings.run()[0] == 0
    with transaction():
        forget = "UPDATE sync_checkpoint SET cursor = '{}', read_digest = NULL"
        write(f"{forget} WHERE source = '{SOURCE}'")
    before, last = touched(streams), len(visits(SEED)) - 1
    assert readings.run(visit=last)[0] == 0
    assert touched(streams) == before
