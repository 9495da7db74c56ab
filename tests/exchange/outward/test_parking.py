"""What the district will never take waits for a person, and holds up its own subject only."""

import logging
from uuid import uuid4

import pytest
from flask import Flask

from app.database import transaction, write
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.register import retry_event
from tests.exchange.outward.receiver import Receiver
from tests.exchange.outward.telling import all_due_now, rows, told


def test_a_declined_event_is_parked_at_once_with_the_reason(app: Flask) -> None:
    declined, free = uuid4(), uuid4()
    told(declined, "a", "b")
    told(free, "a", "b", "c")
    district = Receiver()
    district.declines = {str(declined)}
    district.sweep()
    all_due_now()
    district.sweep()
    assert district.heard == [(str(free), 1), (str(free), 2), (str(free), 3)]
    assert district.tried.count((str(declined), 1)) == 1, "it is asked once"
    first, second = rows(declined)
    assert (first.refusal, first.tries, first.due_at) == ("422 unknown-matter", 1, None)
    assert first.parked_at is not None
    assert (second.refusal, second.parked_at, second.due_at) == (None, None, None)


def test_what_is_told_after_a_parked_event_waits_for_it(app: Flask) -> None:
    subject = uuid4()
    told(subject, "a")
    district = Receiver()
    district.declines = {str(subject)}
    district.sweep()
    told(subject, "b")
    assert district.sweep() == 0
    district.declines = set()
    retry_event(None, rows(subject)[0].id)
    district.sweep()
    assert district.heard == [(str(subject), 1), (str(subject), 2)]
    assert [(row.parked_at, row.refusal) for row in rows(subject)] == [(None, None)] * 2


def test_what_nobody_could_deliver_in_a_week_is_parked_for_patience(app: Flask) -> None:
    subject = uuid4()
    told(subject, "a")
    with transaction():
        write("UPDATE outbox SET tries = 199")
    district = Receiver()
    district.away_for = {str(subject)}
    district.sweep()
    (row,) = rows(subject)
    assert (row.refusal, row.due_at, row.tries) == ("patience", None, 200)
    retry_event(None, row.id)
    assert rows(subject)[0].tries == 0, "who was looked at by a person begins anew"


def test_a_payload_that_does_not_open_is_parked_and_not_tried_for_a_week(app: Flask) -> None:
    broken, whole = uuid4(), uuid4()
    told(broken, "a")
    with transaction():
        write("UPDATE outbox SET payload_sealed = '\\x0102'")
    told(whole, "a")
    district = Receiver()
    district.sweep()
    assert district.tried == [(str(whole), 1)]
    assert rows(broken)[0].refusal == "seal-broken"


def test_a_fault_of_the_transport_itself_is_tried_again_and_says_no_value(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("linli"), "propagate", True)
    broken, whole = uuid4(), uuid4()
    told(broken, "a")
    told(whole, "a")
    district = Receiver()
    district.breaks_for = {str(broken)}
    delivery_sweep(lambda: district).run()
    assert district.heard == [(str(whole), 1)]
    assert rows(broken)[0].wait > 0
    assert "ValueError" in caplog.text
    assert "somebody" not in caplog.text
