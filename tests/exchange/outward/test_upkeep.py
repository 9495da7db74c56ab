"""The outbox forgets what it need not keep, keeps what it must, and forgets to send nothing."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import transaction, write
from app.sync.outward import upkeep
from app.sync.outward.upkeep import ROUND_EVERY, upkeep_sweep
from tests.exchange.outward.receiver import Receiver
from tests.exchange.outward.telling import rows, told


def sent_long_ago(subject: UUID, days: float) -> None:
    with transaction():
        write(
            "UPDATE outbox SET sent_at = now() - %(ago)s WHERE subject_id = %(subject)s"
            " AND sent_at IS NOT NULL",
            {"subject": subject, "ago": timedelta(days=days)},
        )


def kept(*words: str, days: float) -> UUID:
    """Tell of a subject, send it, and let days pass."""
    subject = uuid4()
    told(subject, *words)
    Receiver().sweep()
    sent_long_ago(subject, days)
    return subject


def keep_up() -> None:
    """Do a whole round."""
    sweep = upkeep_sweep()
    while sweep.run():
        pass


def test_a_payload_is_dropped_ninety_days_after_it_was_sent(app: Flask) -> None:
    old, young = kept("a", "b", days=90.1), kept("a", days=89.9)
    waiting = uuid4()
    told(waiting, "a")
    keep_up()
    assert [row.payload_sealed for row in rows(old)] == [None, None]
    assert [(row.seq, row.receipt) for row in rows(old)] == [
        (n, f"heard:trial-{old}-00000{n}") for n in (1, 2)
    ], "what was shared, and when, is kept"
    assert rows(young)[0].payload_sealed
    assert rows(waiting)[0].payload_sealed


def test_a_record_of_sharing_is_kept_for_three_years(app: Flask) -> None:
    """网络数据安全管理条例 art. 12."""
    old, young = kept("a", "b", "c", days=1097), kept("a", "b", days=1095)
    keep_up()
    assert [row.seq for row in rows(old)] == [3]
    assert [row.seq for row in rows(young)] == [1, 2]


def test_a_number_is_never_given_again_however_long_ago_it_was(app: Flask) -> None:
    """A receiver would take the next outcome for one that it has, and it would be lost."""
    subject = kept("a", "b", days=5000)
    keep_up()
    told(subject, "c")
    assert [row.seq for row in rows(subject)] == [2, 3]
    district = Receiver()
    district.sweep()
    assert district.heard == [(str(subject), 3)]


def test_a_first_event_that_nobody_made_due_becomes_due(app: Flask) -> None:
    forgotten, parked = uuid4(), uuid4()
    told(forgotten, "a", "b")
    told(parked, "a", "b")
    with transaction():
        write("UPDATE outbox SET due_at = NULL")
        write(
            "UPDATE outbox SET parked_at = now() WHERE subject_id = %(parked)s AND seq = 1",
            {"parked": parked},
        )
    keep_up()
    assert [row.due_at is not None for row in rows(forgotten)] == [True, False]
    assert [row.due_at is not None for row in rows(parked)] == [False, False]


def test_it_goes_page_by_page_and_misses_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PAGE", 2)
    old = [kept("a", "b", "c", days=1100 + n) for n in range(3)]
    forgotten = [uuid4() for _ in range(5)]
    for subject in forgotten:
        told(subject, "a")
    with transaction():
        write("UPDATE outbox SET due_at = NULL WHERE sent_at IS NULL")
    keep_up()
    assert [[row.seq for row in rows(each)] for each in old] == [[3]] * 3
    assert all(row.payload_sealed is None for each in old for row in rows(each))
    assert all(rows(each)[0].due_at for each in forgotten)


def test_it_looks_once_an_hour_however_often_it_is_called(app: Flask) -> None:
    """Every notification runs every sweep: a round over the table must not be one of them."""
    now = 0.0
    sweep = upkeep_sweep(lambda: now)
    assert sweep.run() == 0
    subject = kept("a", days=100)
    sweep.run()
    assert rows(subject)[0].payload_sealed, "it is not time yet"
    now = ROUND_EVERY + 1
    while sweep.run():
        pass
    assert rows(subject)[0].payload_sealed is None
