"""The district hears of every deed that stands, in order for each subject, at least once."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import db, read, transaction, write
from app.sync import Event, OutboxEvent, delivery_sweep, tell
from app.sync.delivery import Undelivered
from app.worker import LeaseLost, claim, finish, retry
from tests.exchange.telling import all_due_now, rows, told

LEASE = timedelta(seconds=30)


class Receiver:
    """A district that notes what it hears, and is away for some subjects."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []
        self.away_for: set[str] = set()

    def send(self, key: str, envelope: bytes) -> str:
        event = json.loads(envelope)
        if event["subject_id"] in self.away_for:
            raise Undelivered("away")
        self.heard.append((event["subject_id"], event["seq"]))
        return f"heard:{key}"

    def sweep(self) -> int:
        """Deliver until nothing is due."""
        rounds = 0
        while delivery_sweep(lambda: self).run():
            rounds += 1
        return rounds


def _told_and_failed(subject: UUID) -> None:
    tell(Event("tried", "trial", subject, {"words": "undone"}))
    raise KeyError


def test_events_of_a_subject_are_numbered_without_gaps(app: Flask) -> None:
    one, other = uuid4(), uuid4()
    told(one, "a", "b")
    told(other, "a")
    told(one, "c")
    assert [row.seq for row in rows(one)] == [1, 2, 3]
    assert [row.seq for row in rows(other)] == [1]
    told(one, "d")
    Receiver().sweep()
    told(one, "e")
    assert [row.seq for row in rows(one)] == [1, 2, 3, 4, 5], "sending frees no number"


def test_what_is_told_in_a_deed_that_is_undone_was_never_told(app: Flask) -> None:
    subject = uuid4()
    told(subject, "a")
    with pytest.raises(KeyError), transaction():
        _told_and_failed(subject)
    told(subject, "b")
    assert [row.seq for row in rows(subject)] == [1, 2]
    district = Receiver()
    district.sweep()
    assert district.heard == [(str(subject), 1), (str(subject), 2)]


def test_a_subject_waits_for_its_first_event_and_holds_up_nobody(app: Flask) -> None:
    stuck, free = uuid4(), uuid4()
    told(stuck, "a", "b")
    told(free, "a", "b")
    district = Receiver()
    district.away_for = {str(stuck)}
    district.sweep()
    assert district.heard == [(str(free), 1), (str(free), 2)]
    assert [(row.tries, row.sent_at) for row in rows(stuck)] == [(1, None), (0, None)]
    district.away_for = set()
    assert district.sweep() == 0, "it is not tried again before its time"
    all_due_now()
    district.sweep()
    assert district.heard[2:] == [(str(stuck), 1), (str(stuck), 2)]
    assert [row.receipt for row in rows(stuck)] == [f"heard:trial-{stuck}-00000{n}" for n in (1, 2)]


def test_a_district_that_is_away_is_asked_ever_more_rarely(app: Flask) -> None:
    """Five seconds, then double each time, spread by half either way, at most about an hour."""
    subject = uuid4()
    told(subject, "a")
    district = Receiver()
    district.away_for = {str(subject)}
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


def test_who_was_overtaken_records_nothing(app: Flask) -> None:
    told(uuid4(), "a")
    (slow,) = claim(OutboxEvent, limit=1, lease=LEASE)
    db.session.remove()  # the slow one sits in another process
    with transaction():
        write("UPDATE outbox SET lease_until = now() - interval '1 second'")
    (quick,) = claim(OutboxEvent, limit=1, lease=LEASE)
    assert quick.id == slow.id
    for record in (finish, retry):
        with pytest.raises(LeaseLost):
            record(slow)
    assert rows(slow.subject_id)[0].sent_at is None


def test_a_sender_that_was_overtaken_leaves_the_row_to_the_other(app: Flask) -> None:
    subject = uuid4()
    told(subject, "a")

    class Slow(Receiver):
        def send(self, key: str, envelope: bytes) -> str:
            with transaction():
                write("UPDATE outbox SET fence = fence + 1")
            return super().send(key, envelope)

    delivery_sweep(Slow).run()
    assert (rows(subject)[0].sent_at, rows(subject)[0].receipt) == (None, None)


def test_what_waits_to_be_sent_is_sealed(app: Flask) -> None:
    told(uuid4(), "楼道堆放杂物")
    ((row,),) = read("SELECT o::text FROM outbox o")
    assert "楼道" not in row
    assert "楼道".encode().hex() not in row
