"""Who does not answer is asked ever more rarely, and not before it asked to be."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import transaction, write
from app.settings.section import ConfigRefused
from app.sync.outward import line
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.line import FIRST_REST, IN_A_ROW, LONGEST_REST, Line
from tests.exchange.outward.receiver import Receiver
from tests.exchange.outward.telling import all_due_now, rows, told


def away(*subjects: UUID, asks: timedelta | None = None) -> Receiver:
    district = Receiver()
    district.away_for = {str(each) for each in subjects}
    district.asks_to_wait = asks
    return district


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_district_that_is_away_is_asked_ever_more_rarely(app: Flask) -> None:
    """Five seconds, then double each time, spread by half either way, at most about an hour."""
    subject = uuid4()
    told(subject, "a")
    district = away(subject)
    for tries in range(1, 6):
        district.sweep()
        (row,) = rows(subject)
        usual = 5 * 2 ** (tries - 1)
        assert row.tries == tries
        assert usual * 0.5 - 2 <= row.wait <= usual * 1.5
        assert row.lease_until is None
        all_due_now()
    with transaction():
        write("UPDATE outbox SET tries = 150, due_at = now()")
    district.sweep()
    assert rows(subject)[0].wait <= 3600 * 1.5


@pytest.mark.parametrize(("asked", "wait"), [(120, 120), (3600, 3600), (86_400, 3600)])
def test_it_is_not_asked_before_it_said_but_after_an_hour_at_the_latest(
    app: Flask, asked: int, wait: int
) -> None:
    subject = uuid4()
    told(subject, "a")
    away(subject, asks=timedelta(seconds=asked)).sweep()
    assert wait - 2 <= rows(subject)[0].wait <= wait + 1


def test_a_short_wait_asked_for_does_not_wear_patience_out(app: Flask) -> None:
    """Two hundred tries a second apart would park an event after three minutes."""
    subject = uuid4()
    told(subject, "a")
    with transaction():
        write("UPDATE outbox SET tries = 100")
    away(subject, asks=timedelta(seconds=1)).sweep()
    assert rows(subject)[0].wait > 1700


def test_a_district_that_answers_nobody_is_left_in_peace_and_no_try_is_counted(app: Flask) -> None:
    subjects = [uuid4() for _ in range(30)]
    for each in subjects:
        told(each, "a")
    district = away(*subjects)
    sweep = delivery_sweep(lambda: district, lanes=1)
    assert sweep.run() == 30
    assert len(district.tried) == IN_A_ROW
    assert sweep.run() == 0, "nothing is claimed while it rests"
    untried = [row for each in subjects for row in rows(each) if row.tries == 0]
    assert len(untried) == 30 - IN_A_ROW
    assert all(row.wait < 1 and row.lease_until is None for row in untried)


def test_after_a_rest_one_is_tried_before_all_are(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "FIRST_REST", 0.0)
    subjects = [uuid4() for _ in range(30)]
    for each in subjects:
        told(each, "a")
    district = away(*subjects)
    sweep = delivery_sweep(lambda: district, lanes=1)
    sweep.run()
    tried = len(district.tried)
    assert sweep.run() == 1
    assert len(district.tried) == tried + 1
    district.away_for = set()
    assert sweep.run() == 1
    assert sweep.run() > 1


def test_a_line_rests_ever_longer_and_an_answer_ends_that() -> None:
    watch = Watch()
    found = Line(watch)
    rests: list[float] = []
    while len(rests) < 12:
        assert found.room(40) == (1 if rests else 40)
        while not found.missed():
            assert found.room(40) == 40
        assert found.room(40) == 0
        began = watch.now
        while found.resting:
            watch.now += 0.5
        rests.append(watch.now - began)
    assert rests[:3] == [FIRST_REST, FIRST_REST * 2, FIRST_REST * 4]
    assert rests == sorted(rests)
    assert rests[-1] == LONGEST_REST
    found.answered()
    assert found.room(40) == 40
    assert not found.missed()


def test_one_answer_among_many_misses_means_that_the_district_is_there() -> None:
    found = Line(Watch())
    for n in range(100):
        found.answered() if n % IN_A_ROW == 0 else found.missed()
        assert not found.resting


def test_a_line_rests_as_long_as_was_asked_also_of_those_on_their_way() -> None:
    watch = Watch()
    found = Line(watch)
    for _ in range(IN_A_ROW):
        found.missed(timedelta(seconds=60))
    assert not found.missed(timedelta(seconds=90)), "one rest, however many were on their way"
    watch.now += 89
    assert found.resting
    watch.now += 2
    assert found.room(40) == 1
    for _ in range(IN_A_ROW):
        found.missed(timedelta(days=1))
    watch.now += 3601
    assert not found.resting


def test_a_way_out_that_is_not_configured_well_wears_no_event_out(app: Flask) -> None:
    """It is the sweep that fails and says so; the events wait, untried, for an operator."""
    subject = uuid4()
    told(subject, "a")

    def refused() -> Receiver:
        raise ConfigRefused("out.folder must be an absolute path")

    sweep = delivery_sweep(refused)
    for _ in range(2):
        with pytest.raises(ConfigRefused):
            sweep.run()
    (row,) = rows(subject)
    assert (row.tries, row.lease_until, row.parked_at) == (0, None, None)
