"""The district hears of every deed that stands, in order for each subject, at least once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import db, read, transaction, write
from app.sync import Event, tell
from app.sync.outward.delivery import BATCH, _sent, delivery_sweep
from app.sync.outward.models import OutboxEvent
from app.worker import LeaseLost, claim, finish, park, release, retry
from tests.exchange.outward.receiver import Receiver
from tests.exchange.outward.telling import all_due_now, rows, told, unsent

LEASE = timedelta(seconds=30)


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


def test_only_the_first_of_a_subject_is_ever_due(app: Flask) -> None:
    """A backlog of a million costs what its subjects cost, not what its events cost."""
    subject = uuid4()
    told(subject, "a", "b", "c")
    assert [row.due_at is not None for row in rows(subject)] == [True, False, False]
    assert delivery_sweep(Receiver).run() == 1
    assert [row.due_at is not None for row in rows(subject)] == [False, True, False]


def test_an_event_out_of_turn_is_not_sent_even_if_somebody_made_it_due(app: Flask) -> None:
    subject = uuid4()
    told(subject, "a", "b")
    with transaction():
        write("UPDATE outbox SET due_at = now() - seq * interval '1 minute'")
    district = Receiver()
    district.away_for = {str(subject)}
    district.sweep()
    assert district.tried == [(str(subject), 1)]


@pytest.mark.parametrize("first", ["the deed", "the record"])
def test_what_is_told_while_the_one_before_is_recorded_is_not_forgotten(
    app: Flask, first: str
) -> None:
    """Either the record sees the new event, or the new event sees the record: never neither."""
    subject = uuid4()
    told(subject, "a")
    (sent,) = claim(OutboxEvent, limit=1, lease=LEASE)
    deeds: list[Callable[[], None]] = [
        lambda: tell(Event("tried", "trial", subject, {"words": "b"})),
        lambda: _sent(sent, "receipt"),
    ]
    now, then = deeds if first == "the deed" else deeds[::-1]

    def other() -> None:
        with app.app_context():
            with transaction():
                then()
            db.session.remove()

    late = threading.Thread(target=other)
    with transaction():
        now()
        late.start()
        late.join(0.3)  # it has come as far as it can
        assert late.is_alive(), "it waits for the deed that began before it"
    late.join(10)
    assert [(row.sent_at is None, row.due_at is None) for row in rows(subject)] == [
        (False, True),
        (True, False),
    ]


def test_ten_thousand_events_of_one_subject_starve_nobody(app: Flask) -> None:
    """Each subject gets its turn: a batch takes one event of each, the longest waiting first."""
    flood, others = uuid4(), [uuid4() for _ in range(50)]
    told(flood, "a")
    with transaction():
        write(
            "INSERT INTO outbox (id, subject_kind, subject_id, seq, kind, payload_sealed, told_at)"
            " SELECT gen_random_uuid(), subject_kind, subject_id, n, kind, payload_sealed, now()"
            " FROM outbox, generate_series(2, 10000) n"
        )
    for other in others:
        told(other, "a")
    district = Receiver()
    sweep = delivery_sweep(lambda: district)
    assert [sweep.run() for _ in range(2)] == [BATCH, 51 - BATCH + 1]
    assert {subject for subject, _ in district.heard} >= {str(other) for other in others}


def test_who_was_overtaken_records_nothing(app: Flask) -> None:
    told(uuid4(), "a")
    (slow,) = claim(OutboxEvent, limit=1, lease=LEASE)
    db.session.remove()  # the slow one sits in another process
    with transaction():
        write("UPDATE outbox SET lease_until = now() - interval '1 second'")
    (quick,) = claim(OutboxEvent, limit=1, lease=LEASE)
    assert quick.id == slow.id
    for record in (finish, retry, release, lambda work: park(work, "any"), _sent_late):
        with pytest.raises(LeaseLost):
            record(slow)
    assert rows(slow.subject_id)[0].sent_at is None
    assert rows(slow.subject_id)[0].tries == 2


def _sent_late(event: OutboxEvent) -> None:
    _sent(event, "late")


def test_a_sender_that_was_overtaken_leaves_the_row_to_the_other(app: Flask) -> None:
    subject = uuid4()
    told(subject, "a", "b")
    district = Receiver()

    def overtake() -> None:
        with app.app_context(), transaction():
            write("UPDATE outbox SET fence = fence + 1")

    district.meanwhile = overtake
    delivery_sweep(lambda: district).run()
    assert [(row.sent_at, row.receipt) for row in rows(subject)] == [(None, None)] * 2
    assert rows(subject)[1].due_at is None, "nor is the next one let go"


def test_nothing_more_is_sent_when_the_books_cannot_be_written(app: Flask) -> None:
    """What is on its way is awaited; the rest keep their lease and come again with their key."""
    for _ in range(20):
        told(uuid4(), "a")
    district = Receiver()

    def cut() -> None:
        with app.app_context(), transaction():
            write(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state LIKE 'idle%%'"
            )

    district.meanwhile = cut
    with pytest.raises(Exception):  # noqa: B017, PT011  whatever the driver calls it
        delivery_sweep(lambda: district, lanes=2).run()
    assert len(district.heard) < 20
    db.session.remove()
    district.meanwhile = lambda: None
    all_due_now()
    district.sweep()
    assert unsent() == 0


def test_what_waits_to_be_sent_is_sealed(app: Flask) -> None:
    told(uuid4(), "楼道堆放杂物")
    ((row,),) = read("SELECT o::text FROM outbox o")
    assert "楼道" not in row
    assert "楼道".encode().hex() not in row
