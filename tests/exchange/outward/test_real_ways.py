"""What the outbox promises, it keeps by each way out, with a real receiver at the other end."""

import threading
from uuid import uuid4

import pytest
from flask import Flask

from app.database import db, transaction, write
from app.sync.outward.delivery import delivery_sweep
from tests.exchange.outward.telling import all_due_now, rows, told, unsent
from tests.exchange.outward.ways import CHOOSY, Way


def of(way: Way, subject: object) -> list[int]:
    """Return the numbers that were taken of a subject, in the order in which they came."""
    return [seq for about, seq in way.taken() if about == str(subject)]


def test_each_subject_arrives_in_order_without_gaps_and_has_its_receipts(way: Way) -> None:
    one, other = uuid4(), uuid4()
    told(one, "a", "b", "c")
    told(other, "a", "b")
    way.sweep()
    assert (of(way, one), of(way, other)) == ([1, 2, 3], [1, 2])
    kept = [row.receipt for row in (*rows(one), *rows(other))]
    assert all(kept)
    assert len(set(kept)) == 5
    assert unsent() == 0


def test_two_workers_at_once_deliver_each_subject_in_order_and_once(way: Way, app: Flask) -> None:
    """Each has a line of its own; what one has claimed the other leaves alone."""
    subjects = [uuid4() for _ in range(6)]
    for subject in subjects:
        told(subject, *"abcde")
    together, faults = threading.Barrier(2), list[Exception]()

    def work() -> None:
        sweep = delivery_sweep(way.make, lanes=2)
        try:
            together.wait(10)
            with app.app_context():
                while unsent():
                    sweep.run()
                db.session.remove()
        except Exception as fault:  # noqa: BLE001  told below, by the thread that asserts
            faults.append(fault)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert faults == []
    assert unsent() == 0
    assert [of(way, subject) for subject in subjects] == [[1, 2, 3, 4, 5]] * len(subjects)


def test_what_is_sent_twice_is_taken_once_and_has_the_same_receipt(way: Way) -> None:
    """A worker that died between sending and writing that down sends again, under the same key."""
    subject = uuid4()
    told(subject, "a", "b")
    way.sweep()
    before = [row.receipt for row in rows(subject)]
    with transaction():
        write("UPDATE outbox SET sent_at = NULL, receipt = NULL, due_at = now() WHERE seq = 2")
    way.sweep()
    assert of(way, subject) == [1, 2]
    assert [row.receipt for row in rows(subject)] == before


def test_a_receiver_that_is_away_is_asked_again_later_and_gets_everything(way: Way) -> None:
    subject = uuid4()
    told(subject, "a")
    way.sweep()
    way.leave()
    told(subject, "b", "c")
    way.sweep()
    waiting = rows(subject)[1]
    assert (waiting.sent_at, waiting.parked_at, waiting.tries) == (None, None, 1)
    assert waiting.wait > 1
    assert rows(subject)[2].tries == 0, "nobody overtakes it"
    way.come_back()
    all_due_now()
    way.sweep()
    assert of(way, subject) == [1, 2, 3]
    assert unsent() == 0


@pytest.mark.parametrize("way", CHOOSY, indirect=True)
def test_what_is_declined_is_parked_with_a_reason_and_only_its_subject_waits(way: Way) -> None:
    assert way.dislike is not None
    bad, good = uuid4(), uuid4()
    told(bad, "a", "b")
    way.dislike(str(bad))
    way.sweep()
    told(good, "a", "b")
    way.sweep()
    first, second = rows(bad)
    assert first.parked_at is not None
    assert first.refusal
    assert "words" not in first.refusal
    assert (second.parked_at, second.tries) == (None, 0)
    assert (of(way, bad), of(way, good)) == ([], [1, 2])
