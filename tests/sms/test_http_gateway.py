"""The gateway over HTTP says what became of a message, or that nobody knows."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.settings.section import ConfigRefused
from app.sms.gateway import GatewayAway, MessageRefused, Outcome
from app.sms.http import HttpGateway, http_gateway
from tests.loopback import Answer, Cut, Loopback, Reply, Silence
from tests.sms.carrier import KEY, Carrier, carrying, gateway_to

PHONE, TEXT = "19904150001", "邻里验证码 042117"
Carried = tuple[Carrier, Loopback, HttpGateway]


@pytest.fixture
def carried() -> Iterator[Carried]:
    with carrying() as each:
        yield each


def test_a_message_is_signed_taken_once_and_asked_after(carried: Carried) -> None:
    carrier, _, gateway = carried
    reference = uuid.uuid4()
    assert gateway.ask(reference) is Outcome.UNKNOWN
    gateway.send(reference, PHONE, TEXT)
    gateway.send(reference, PHONE, TEXT)  # the carrier answers 409: it is there
    assert carrier.carried == [(str(reference), PHONE, TEXT)]
    assert gateway.ask(reference) is Outcome.TAKEN
    for state in ("delivered", "refused"):
        carrier.states[str(reference)] = state
        assert gateway.ask(reference) is Outcome(state)


def test_another_key_carries_nothing_and_loses_nothing(carried: Carried) -> None:
    carrier, line, _ = carried
    with pytest.raises(GatewayAway, match="401"):
        gateway_to(line, KEY[::-1]).send(uuid.uuid4(), PHONE, TEXT)
    assert carrier.carried == []


NOT_NOW: dict[str, Answer] = {
    "busy": Reply(503, {}),
    "broken": Reply(500, b"<html>", {"Content-Type": "text/html"}),
    "a redirect": Reply(302, {}, {"Location": "https://elsewhere.example/"}),
    "no such path": Reply(404, {}),
    "silent": Silence(2),
    "cut": Cut(),
}


@pytest.mark.parametrize("trouble", NOT_NOW.values(), ids=NOT_NOW.keys())
def test_trouble_leaves_the_outcome_open(carried: Carried, trouble: Answer) -> None:
    _, line, gateway = carried
    line.instead.append(trouble)
    with pytest.raises(GatewayAway) as fault:
        gateway.send(uuid.uuid4(), PHONE, TEXT)
    assert PHONE not in str(fault.value)


def test_it_says_how_long_a_busy_carrier_wants_to_be_left_alone(carried: Carried) -> None:
    _, line, gateway = carried
    line.instead.append(Reply(429, {}, {"Retry-After": "37"}))
    with pytest.raises(GatewayAway) as fault:
        gateway.send(uuid.uuid4(), PHONE, TEXT)
    assert fault.value.after == timedelta(seconds=37)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"code": "blocked-number"}, "422 blocked-number"),
        ({"code": f"no {PHONE}"}, "422"),
        (["blocked"], "422"),
        (b"no", "422"),
    ],
)
def test_a_refusal_is_for_good_and_repeats_no_number(
    carried: Carried, content: object, reason: str
) -> None:
    _, line, gateway = carried
    line.instead.append(Reply(422, content))
    with pytest.raises(MessageRefused) as refused:
        gateway.send(uuid.uuid4(), PHONE, TEXT)
    assert refused.value.reason == reason


def test_a_number_that_is_gone_is_refused_for_good(carried: Carried) -> None:
    _, line, gateway = carried
    line.instead.append(Reply(410, {}))
    with pytest.raises(MessageRefused) as refused:
        gateway.send(uuid.uuid4(), PHONE, TEXT)
    assert refused.value.reason == "410"


@pytest.mark.parametrize(
    "odd", [Reply(200, {"state": "lost"}), Reply(200, []), Reply(200, b"?"), Reply(500), Cut()]
)
def test_an_answer_that_says_nothing_is_no_leave_to_send_again(
    carried: Carried, odd: Answer
) -> None:
    _, line, gateway = carried
    line.instead.append(odd)
    with pytest.raises(GatewayAway):
        gateway.ask(uuid.uuid4())


@pytest.mark.parametrize(
    ("at", "key"),
    [
        ({"url": "http://sms.example", "key_id": "linli"}, KEY),
        ({"url": "https://a:b@sms.example", "key_id": "linli"}, KEY),
        ({"url": "sms.example", "key_id": "linli"}, KEY),
        ({"url": "https://sms.example", "key_id": "a key"}, KEY),
        ({"url": "https://sms.example", "key_id": "linli"}, "not 32 bytes"),
        ({"url": "https://sms.example", "key_id": "linli", "ca_file": "/none.pem"}, KEY),
    ],
)
def test_a_gateway_that_is_not_safe_is_not_set_up(at: dict[str, str], key: str) -> None:
    with pytest.raises(ConfigRefused) as refused:
        http_gateway(at, key)
    assert key not in str(refused.value)
