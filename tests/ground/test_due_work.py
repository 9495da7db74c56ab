"""A due row is held by one worker at a time, and taken up again when its worker is gone."""

import threading
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from app.database import db, read, transaction, write
from app.sms.models import SmsMessage
from app.worker import LeaseLost, claim, deal_with_each, finish, retry

LEASE = timedelta(seconds=30)

QUEUE = """
INSERT INTO sms_message (reference, phone_sealed, text_sealed, expires_at, due_at)
SELECT gen_random_uuid(), '\\x00', '\\x00', now() + interval '1 hour',
       now() + %(wait)s * interval '1 second' + n * interval '1 millisecond'
FROM generate_series(1, %(many)s) n RETURNING id
"""


def queued(many: int, wait: float = -60) -> list[int]:
    with transaction():
        return [row.id for row in write(QUEUE, {"many": many, "wait": wait})]


def lease_runs_out() -> None:
    with transaction():
        write("UPDATE sms_message SET lease_until = now() - interval '1 second'")


def test_no_row_is_ever_given_to_two_workers(app: Flask) -> None:
    rows, together = queued(200), threading.Barrier(4)
    taken: list[int] = []
    sizes: Counter[int] = Counter()

    def work() -> None:
        with app.app_context():
            together.wait()
            while batch := claim(SmsMessage, limit=7, lease=LEASE):
                sizes[len(batch)] += 1
                taken.extend(row.id for row in batch)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(rows)
    assert max(sizes) <= 7, "a batch is never larger than was asked for"


def test_the_oldest_is_taken_first_and_what_is_not_due_not_at_all(app: Flask) -> None:
    queued(2, wait=60)
    old = queued(3, wait=-600)
    recent = queued(2, wait=-60)
    assert [row.id for row in claim(SmsMessage, limit=4, lease=LEASE)] == [*old, recent[0]]
    assert [row.id for row in claim(SmsMessage, limit=4, lease=LEASE)] == [recent[1]]
    assert claim(SmsMessage, limit=4, lease=LEASE) == []


def test_a_row_whose_worker_died_is_taken_up_by_another(app: Flask) -> None:
    queued(1)
    (first,) = claim(SmsMessage, limit=5, lease=LEASE)
    db.session.remove()
    assert claim(SmsMessage, limit=5, lease=LEASE) == []
    lease_runs_out()
    (second,) = claim(SmsMessage, limit=5, lease=LEASE)
    assert (second.id, second.fence, second.tries) == (first.id, first.fence + 1, 2)


def test_a_worker_that_was_too_slow_may_write_nothing(app: Flask) -> None:
    queued(1)
    (slow,) = claim(SmsMessage, limit=1, lease=LEASE)
    db.session.remove()
    lease_runs_out()
    (quick,) = claim(SmsMessage, limit=1, lease=LEASE)
    for record in (finish, retry):
        with pytest.raises(LeaseLost):
            record(slow)
    finish(quick)
    (row,) = read("SELECT due_at, lease_until FROM sms_message")
    assert (row.due_at, row.lease_until) == (None, None)


def test_a_row_that_is_gone_is_no_longer_held(app: Flask) -> None:
    queued(1)
    (held,) = claim(SmsMessage, limit=1, lease=LEASE)
    with transaction():
        write("DELETE FROM sms_message")
    with pytest.raises(LeaseLost):
        finish(held)


@pytest.mark.parametrize(
    ("tries", "usual"), [(1, 5), (2, 10), (3, 20), (8, 640), (11, 3600), (199, 3600)]
)
def test_the_wait_doubles_up_to_an_hour(app: Flask, tries: int, usual: int) -> None:
    queued(1)
    with transaction():
        write("UPDATE sms_message SET tries = %(tries)s", {"tries": tries - 1})
    (row,) = claim(SmsMessage, limit=1, lease=LEASE)
    retry(row)
    (kept,) = read("SELECT extract(epoch FROM due_at - now())::float AS wait FROM sms_message")
    assert usual * 0.5 - 2 <= kept.wait <= usual * 1.5


def test_what_is_done_with_a_row_is_written_with_it_or_not_at_all(app: Flask) -> None:
    queued(1)
    (row,) = claim(SmsMessage, limit=1, lease=LEASE)
    reference = uuid4()
    finish(row, reference=reference)
    ((kept,),) = read("SELECT reference FROM sms_message")
    assert kept == reference


def test_what_nobody_could_do_in_a_week_is_parked_for_a_person(app: Flask) -> None:
    queued(1)
    with transaction():
        write("UPDATE sms_message SET tries = 199")
    (taken,) = claim(SmsMessage, limit=1, lease=LEASE)
    retry(taken)
    assert read("SELECT due_at, lease_until FROM sms_message") == [(None, None)]


def test_one_row_that_fails_holds_up_no_other(app: Flask) -> None:
    queued(3)
    taken = claim(SmsMessage, limit=3, lease=LEASE)

    def deal(message: SmsMessage) -> None:
        if message is taken[0]:
            raise ValueError("a value of somebody's")
        finish(message)

    assert deal_with_each(taken, deal) == 3
    left = read("SELECT id FROM sms_message WHERE due_at IS NOT NULL AND lease_until IS NULL")
    assert [row.id for row in left] == [taken[0].id]
