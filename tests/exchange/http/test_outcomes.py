"""The district hears each outcome once, and we know of each whether it was heard."""

import time
from datetime import timedelta
from typing import Any

import pytest

from app.settings.section import ConfigRefused, Section
from app.sync.outward.http import configured
from app.sync.outward.protocol import Declined, Undelivered
from tests.exchange.district_process import KEY, DistrictProcess
from tests.exchange.http.reading import transport_to

NAME = "service_request-0190f3a1-000001"
ENVELOPE = '{"key":"service_request-0190f3a1-000001","payload":{"said":"办结"}}'.encode()


def test_an_outcome_is_heard_and_has_a_receipt(answering: DistrictProcess) -> None:
    """What was told stands in the district's book, under its key."""
    receipt = transport_to(answering).send(NAME, ENVELOPE)
    (outcome,) = answering.received()
    assert (outcome.key, outcome.receipt, outcome.times) == (NAME, receipt, 1)
    assert outcome.envelope["payload"] == {"said": "办结"}


def test_a_repeat_is_heard_once(answering: DistrictProcess) -> None:
    """The same key brings the same receipt."""
    transport = transport_to(answering)
    assert transport.send(NAME, ENVELOPE) == transport.send(NAME, ENVELOPE)
    assert [outcome.times for outcome in answering.received()] == [2]


def test_an_answer_that_was_lost_is_asked_for_again(answering: DistrictProcess) -> None:
    """The line broke after the district had taken it: we try again, it hears it once."""
    transport = transport_to(answering)
    answering.misbehave("cut-after-accept")
    with pytest.raises(Undelivered):
        transport.send(NAME, ENVELOPE)
    assert transport.send(NAME, ENVELOPE) == answering.received()[0].receipt
    assert [outcome.times for outcome in answering.received()] == [2]


def test_what_the_district_will_never_take_is_declined(answering: DistrictProcess) -> None:
    """Its status and code are kept for the person who looks at it."""
    answering.misbehave("decline", status=422, code="unknown-matter")
    with pytest.raises(Declined) as declined:
        transport_to(answering).send(NAME, ENVELOPE)
    assert declined.value.reason == "422 unknown-matter"
    assert answering.received() == []


def test_a_key_with_another_envelope_is_declined(answering: DistrictProcess) -> None:
    """Two outcomes never hide behind one key."""
    transport = transport_to(answering)
    transport.send(NAME, ENVELOPE)
    with pytest.raises(Declined) as declined:
        transport.send(NAME, ENVELOPE.replace(b"1", b"2"))
    assert declined.value.reason == "409 key-reused"


@pytest.mark.parametrize("code", ["210603197001010019", "张三", "x" * 99, ["a"], None])
def test_a_code_that_may_be_a_value_is_not_kept(answering: DistrictProcess, code: object) -> None:
    """A careless district that answers with a number or a name leaves its status only."""
    answering.misbehave("decline", status=400, code=code)
    with pytest.raises(Declined) as declined:
        transport_to(answering).send(NAME, ENVELOPE)
    assert declined.value.reason == "400"


@pytest.mark.parametrize("status", [302, 401, 403, 404, 408, 425, 429, 500, 501, 503])
def test_what_is_not_the_envelopes_fault_is_tried_again(
    answering: DistrictProcess, status: int
) -> None:
    """A busy or broken district, a wrong key or address: no outcome is parked for these."""
    answering.misbehave("error", status=status)
    transport = transport_to(answering)
    with pytest.raises(Undelivered):
        transport.send(NAME, ENVELOPE)
    assert transport.send(NAME, ENVELOPE)


def test_a_district_that_asks_to_wait_is_left_alone_so_long(answering: DistrictProcess) -> None:
    """Retry-After is handed to the outbox; the worker does not sit it out."""
    answering.misbehave("busy", status=429, after=1800)
    began = time.monotonic()
    with pytest.raises(Undelivered) as undelivered:
        transport_to(answering).send(NAME, ENVELOPE)
    assert undelivered.value.after == timedelta(minutes=30)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("fault", "options"),
    [("no-receipt", {}), ("web-page", {}), ("slow", {"seconds": 20}), ("huge", {"megabytes": 3})],
)
def test_no_receipt_is_no_delivery(
    answering: DistrictProcess, fault: str, options: dict[str, Any]
) -> None:
    """A portal's page, half a minute of silence, an empty answer: the key lets us ask again."""
    answering.misbehave(fault, **options)
    transport = transport_to(answering, patience="1s", largest_answer_mb=1)
    with pytest.raises(Undelivered):
        transport.send(NAME, ENVELOPE)
    assert transport.send(NAME, ENVELOPE)


def test_a_district_that_is_not_there_is_tried_again(answering: DistrictProcess) -> None:
    """Nothing is lost while it is away."""
    transport = transport_to(answering)
    answering.stop()
    with pytest.raises(Undelivered):
        transport.send(NAME, ENVELOPE)


def test_a_way_out_that_is_not_safe_is_refused() -> None:
    """Outcomes leave over TLS, and by settings that mean something."""
    right = {"kind": "http", "url": "https://d.example", "key_id": "linli", "key_env": "K"}
    configured(Section("out", right, {"K": KEY}))
    for wrong in (
        {"url": "http://d.example"},
        {"key_env": "L"},
        {"retries": 3},
        {"patience": "1m"},
    ):
        with pytest.raises(ConfigRefused):
            configured(Section("out", right | wrong, {"K": KEY}))
