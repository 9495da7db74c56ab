"""Any number of workers, any faults: each subject's outcomes arrive all, and in order."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.database import db, read, transaction, write
from app.sync.outward import delivery, line
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.protocol import Undelivered
from tests.exchange.outward.receiver import Receiver
from tests.exchange.outward.telling import all_due_now, told, unsent

WORKERS, SUBJECTS, EVENTS = 4, 12, 6
SOON = 60.0  # seconds

TAKEN_FOR_DEAD = """
UPDATE outbox SET lease_until = NULL, fence = fence + 1 WHERE id IN (
  SELECT id FROM outbox WHERE sent_at IS NULL AND random() < 0.2 FOR UPDATE SKIP LOCKED)
"""


class Moody(Receiver):
    """A district that is away now and then, and sometimes takes an outcome and says nothing."""

    def __init__(self, mood: random.Random) -> None:
        super().__init__()
        self._mood = mood

    def send(self, key: str, envelope: bytes) -> str:
        luck = self._mood.random()
        if luck < 0.15:
            raise Undelivered("away")
        receipt = super().send(key, envelope)
        if luck > 0.9:
            raise Undelivered("the answer was lost")
        return receipt


def until(done: Callable[[], bool], also: Callable[[], None]) -> None:
    """Do something again and again until something is so."""
    end = time.monotonic() + SOON
    while not done():
        assert time.monotonic() < end, "it takes too long"
        also()


def in_order(heard: list[tuple[str, int]]) -> bool:
    """Tell whether the first arrival of each number comes after that of the one before it."""
    newest: dict[str, int] = defaultdict(int)
    for subject, seq in heard:
        if seq > newest[subject] + 1:
            return False
        newest[subject] = max(newest[subject], seq)
    return True


def test_a_gap_would_be_noticed() -> None:
    assert in_order([("a", 1), ("b", 1), ("a", 1), ("a", 2), ("a", 1)])
    assert not in_order([("a", 1), ("a", 3), ("a", 2)])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_four_workers_keep_the_order_while_leases_run_out_under_them(
    app: Flask, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told meanwhile, away now and then, answers lost, workers taken for dead: all at once."""
    mood = random.Random(seed)
    monkeypatch.setattr(line, "FIRST_REST", 0.001)
    monkeypatch.setattr(line, "LONGEST_REST", 0.01)
    monkeypatch.setattr(delivery, "BATCH", 5)
    subjects = [uuid4() for _ in range(SUBJECTS)]
    district, stop = Moody(mood), threading.Event()

    def work() -> None:
        sweep = delivery_sweep(lambda: district, lanes=2)
        with app.app_context():
            while not stop.is_set():
                with suppress(DBAPIError, psycopg.Error):  # as in the worker's own loop
                    sweep.run()
                db.session.remove()

    def time_passes() -> None:
        with transaction():
            write(TAKEN_FOR_DEAD)
        all_due_now()

    # One connection each and one for the teller: as many as the pool has.
    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    try:
        for n in range(EVENTS):
            for subject in subjects:
                told(subject, str(n))
            time_passes()
        until(lambda: unsent() == 0, time_passes)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert in_order(district.heard)
    assert set(district.heard) == {
        (str(subject), n) for subject in subjects for n in range(1, EVENTS + 1)
    }


def test_a_slow_district_is_sent_to_four_subjects_at_a_time(app: Flask) -> None:
    """And never two of one subject: the second waits for the receipt of the first."""
    for subject in (subjects := [uuid4() for _ in range(8)]):
        told(subject, "a", "b")
    district, under_way, most = Receiver(), set[str](), 0
    busy = threading.Lock()

    class Slow(Receiver):
        def send(self, key: str, envelope: bytes) -> str:
            nonlocal most
            subject = key.rsplit("-", 1)[0]
            with busy:
                assert subject not in under_way
                under_way.add(subject)
                most = max(most, len(under_way))
            time.sleep(0.05)  # so slow is the district
            with busy:
                under_way.remove(subject)
            return district.send(key, envelope)

    sweep = delivery_sweep(Slow)
    while sweep.run():
        pass
    assert most == delivery.LANES
    assert in_order(district.heard)
    assert len(district.heard) == 2 * len(subjects)
    assert unsent() == 0


def test_each_lane_has_a_transport_of_its_own(app: Flask) -> None:
    """A connection to a database is not for two threads at once."""
    for _ in range(20):
        told(uuid4(), "a")
    made: list[Receiver] = []

    class Single(Receiver):
        def __init__(self) -> None:
            super().__init__()
            self._alone = threading.Lock()
            made.append(self)

        def send(self, key: str, envelope: bytes) -> str:
            assert self._alone.acquire(blocking=False)
            time.sleep(0.005)
            self._alone.release()
            return super().send(key, envelope)

    assert delivery_sweep(Single).run() == 20
    assert unsent() == 0
    assert 1 < len(made) <= delivery.LANES


def test_what_cannot_be_begun_in_time_is_given_back_untried(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lease must not run out over a send that was begun too late."""
    monkeypatch.setattr(delivery, "BEGIN_WITHIN", 0.05)
    for _ in range(30):
        told(uuid4(), "a")
    district = Receiver()
    district.meanwhile = lambda: time.sleep(0.03)
    assert delivery_sweep(lambda: district, lanes=1).run() == 30
    assert 0 < len(district.heard) < 10
    left = read("SELECT tries, lease_until FROM outbox WHERE sent_at IS NULL")
    assert {(row.tries, row.lease_until) for row in left} == {(0, None)}
