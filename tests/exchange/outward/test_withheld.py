"""What may no longer be told is not sent, and what was heard of it before is no dead end."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import transaction, write
from app.sync import Event, forget_told, tell, withhold
from app.sync.outward.delivery import LEASE, delivery_sweep
from app.sync.outward.models import OutboxEvent
from app.sync.outward.outbox import envelope_of, key_of
from app.sync.outward.protocol import Undelivered
from app.sync.outward.register import retry_event
from app.worker import claim, retry
from tests.exchange.district_process import started
from tests.exchange.http.reading import transport_to
from tests.exchange.outward.receiver import Receiver
from tests.exchange.outward.telling import all_due_now, rows, unsent
from tests.exchange.outward.ways import CHOOSY, Way, service


class Deaf:
    """A way out that hands over what it is given and hears no answer."""

    def __init__(self, way: Way) -> None:
        self._there = way.make()

    def send(self, key: str, envelope: bytes) -> str:
        self._there.send(key, envelope)
        raise Undelivered("the line broke")


def agreed(account: UUID) -> None:
    with transaction():
        tell(Event("phone-bound", "account", account, {"phone": "19900000000"}))


def withdrawn(account: UUID) -> None:
    told = {"withdrawn_at": "2026-11-23T01:00:00+00:00"}
    with transaction():
        withhold(Event("phone-bound", "account", account, told))
        tell(Event("phone-unbound", "account", account, told))


def occupied(way: Way, account: UUID) -> None:
    """Let something else stand over there under the key of an account's first event."""
    key = f"account-{account}-000001"
    other = {"key": key, "subject_id": str(account), "seq": 1, "kind": "another"}
    way.make().send(key, json.dumps(other).encode())


def standing(account: UUID) -> list[tuple[str, bool, str | None]]:
    return [(row.kind, row.sent_at is not None, row.refusal) for row in rows(account)]


def test_a_phone_that_was_taken_unheard_is_unbound_when_the_consent_is_withdrawn(way: Way) -> None:
    account = uuid4()
    agreed(account)
    delivery_sweep(lambda: Deaf(way)).run()
    assert way.taken() == [(str(account), 1)]
    withdrawn(account)
    all_due_now()
    way.sweep()
    assert standing(account) == [("phone-bound", True, None), ("phone-unbound", True, None)]
    assert {seq for _, seq in way.taken()} == {1, 2}


@pytest.mark.parametrize("way", CHOOSY, indirect=True)
def test_a_receipt_says_that_something_earlier_was_taken(way: Way) -> None:
    """The district never gave us one for what it holds: the books do not pretend that it did."""
    account = uuid4()
    agreed(account)
    delivery_sweep(lambda: Deaf(way)).run()
    withdrawn(account)
    all_due_now()
    way.sweep()
    first, second = rows(account)
    assert first.receipt == "none: it had been taken before its content was withheld"
    assert second.receipt
    assert second.receipt != first.receipt


@pytest.mark.parametrize("way", CHOOSY, indirect=True)
def test_what_is_told_of_somebody_erased_does_not_stop_at_what_was_taken_unheard(way: Way) -> None:
    correction = uuid4()
    with transaction():
        tell(Event("correction-asked", "correction", correction, {"wanted": "张三"}))
        tell(Event("correction-overdue", "correction", correction, {"field": "name"}))
    delivery_sweep(lambda: Deaf(way)).run()
    with transaction():
        forget_told("correction", correction)
    all_due_now()
    way.sweep()
    assert standing(correction) == [
        ("correction-asked", True, None),
        ("correction-overdue", True, None),
    ]


@pytest.mark.parametrize("way", CHOOSY, indirect=True)
def test_a_key_that_holds_something_else_before_the_first_try_is_refused(way: Way) -> None:
    """Nothing of ours was taken: whatever stands there is for a person to look at."""
    account = uuid4()
    agreed(account)
    withdrawn(account)
    occupied(way, account)
    way.sweep()
    first, second = rows(account)
    assert (first.sent_at, second.sent_at, second.tries) == (None, None, 0)
    assert first.refusal is not None
    assert first.refusal.endswith("key-reused")


@pytest.mark.parametrize("way", CHOOSY, indirect=True)
def test_a_key_that_holds_something_else_is_refused_when_nothing_was_withheld(way: Way) -> None:
    """The same bytes at each try: it is not ours that stands there, however often we try."""
    account = uuid4()
    agreed(account)
    way.leave()
    way.sweep()
    way.come_back()
    occupied(way, account)
    all_due_now()
    way.sweep()
    (row,) = rows(account)
    assert (row.sent_at, row.tries) == (None, 2)
    assert row.refusal is not None
    assert row.refusal.endswith("key-reused")


def test_a_line_that_breaks_after_the_phone_was_taken_keeps_no_phone_there(
    app: Flask, tmp_path: Path
) -> None:
    account = uuid4()
    with started(tmp_path / "district") as district:
        sweep = delivery_sweep(lambda: transport_to(district, patience="1s", answer_within="1s"))
        agreed(account)
        district.misbehave("cut-after-accept")
        sweep.run()
        assert [each.envelope["kind"] for each in district.received()] == ["phone-bound"]
        withdrawn(account)
        all_due_now()
        while sweep.run():
            continue
        kinds = [each.envelope["kind"] for each in district.received()]
        assert kinds == ["phone-bound", "phone-unbound"]
    assert unsent() == 0


def test_what_a_person_sends_again_was_tried_all_the_same(app: Flask, tmp_path: Path) -> None:
    """Its tries begin anew, and yet the district may have taken one of those before."""
    account = uuid4()
    with service(tmp_path) as way:
        agreed(account)
        with transaction():
            write("UPDATE outbox SET tries = 199")
        delivery_sweep(lambda: Deaf(way)).run()
        assert rows(account)[0].refusal == "patience"
        retry_event(None, rows(account)[0].id)
        withdrawn(account)
        way.sweep()
    assert unsent() == 0


def test_a_consent_that_is_withdrawn_while_the_phone_is_on_its_way_is_told_too(
    app: Flask, tmp_path: Path
) -> None:
    account = uuid4()
    with service(tmp_path) as way:
        agreed(account)
        (event,) = claim(OutboxEvent, limit=1, lease=LEASE)
        envelope = envelope_of(event)
        withdrawn(account)
        with pytest.raises(Undelivered):
            Deaf(way).send(key_of(event), envelope)
        retry(event)
        all_due_now()
        way.sweep()
        assert way.taken() == [(str(account), 1), (str(account), 2)]
    assert unsent() == 0


def test_what_another_reason_speaks_against_is_parked_though_it_was_withheld(app: Flask) -> None:
    account = uuid4()
    district = Receiver()
    district.away_for = {str(account)}
    agreed(account)
    district.sweep()
    withdrawn(account)
    all_due_now()
    district.away_for, district.declines = set(), {str(account)}
    district.sweep()
    assert standing(account)[0] == ("phone-bound", False, "422 unknown-matter")
