"""Text messages: a number hears once of a notice, whatever dies between handing over and noting."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.database import read
from app.sms.gateway import GatewayAway, MessageRefused
from app.sms.gateway import Outcome as Known
from notices.channels.protocol import Message
from notices.channels.text.sender import TextMessages
from notices.channels.text.wording import MOST_PARTS, parts, units, wording
from tests.delivery.fakes import begin, in_an_hour, published, reached, time_passes, work
from tests.delivery.test_push import Browser
from tests.delivery.test_wechat import link
from tests.loopback import Heard, Reply, standing
from tests.people import RESIDENT, account_of
from tests.sms.carrier import gateway_to

TOWN = "DDHT-XQ-LT"


class Killed(BaseException):
    """A death that nothing in the worker can catch."""


class Gateway:
    """Carries each reference once, and can be told to misbehave."""

    def __init__(self) -> None:
        self.carried: dict[UUID, str] = {}
        self.sends: Counter[UUID] = Counter()
        self.asked: list[UUID] = []
        self.trouble: list[BaseException] = []
        self.takes_before_trouble = True

    def send(self, reference: UUID, phone: str, text: str) -> None:
        trouble = self.trouble.pop() if self.trouble else None
        if trouble is None or self.takes_before_trouble:
            self.sends[reference] += 1
            self.carried.setdefault(reference, phone)
        if trouble is not None:
            raise trouble

    def ask(self, reference: UUID) -> Known:
        self.asked.append(reference)
        return Known.TAKEN if reference in self.carried else Known.UNKNOWN


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


def channel(gateway: Gateway) -> TextMessages:
    return TextMessages(lambda: gateway, "https://linli.example")


def sent(notice: UUID, gateway: Gateway) -> None:
    begin(notice, channel(gateway))
    work(channel(gateway))


def numbers() -> list[str]:
    return [row.state for row in read("SELECT state FROM text_ledger")]


def test_each_number_hears_once_and_the_ledger_says_so(app: Flask, gateway: Gateway) -> None:
    notice = published([TOWN])
    sent(notice, gateway)
    assert gateway.carried
    assert len(set(gateway.carried.values())) == len(gateway.carried)
    assert set(gateway.sends.values()) == {1}
    assert numbers() == ["taken"] * len(gateway.carried)
    assert reached(notice) >= len(gateway.carried), "people who share a number all have it"
    rows = "".join(str(row) for row in read("SELECT * FROM text_ledger"))
    assert not [phone for phone in gateway.carried.values() if phone in rows]


def test_who_died_after_handing_over_asks_before_it_repeats(app: Flask, gateway: Gateway) -> None:
    gateway.trouble = [Killed()]
    notice = published([TOWN])
    begin(notice, channel(gateway))
    with pytest.raises(Killed):
        work(channel(gateway))
    time_passes(minutes=2)
    work(channel(gateway))
    assert gateway.asked
    assert set(gateway.sends.values()) == {1}, "the gateway was never asked to carry one twice"
    assert set(numbers()) == {"taken"}


@pytest.mark.parametrize("taken", [True, False])
def test_an_unknown_outcome_is_asked_for(app: Flask, gateway: Gateway, taken: bool) -> None:
    gateway.trouble, gateway.takes_before_trouble = [GatewayAway()], taken
    notice = published([TOWN])
    sent(notice, gateway)
    assert numbers().count("sending") == 1
    time_passes(seconds=20)
    work(channel(gateway))
    assert len(gateway.asked) == 1
    assert set(gateway.sends.values()) == {1}
    assert set(numbers()) == {"taken"}


def test_a_gateway_that_names_a_time_is_asked_again_no_sooner(app: Flask, gateway: Gateway) -> None:
    gateway.trouble, gateway.takes_before_trouble = [GatewayAway("busy", timedelta(hours=3))], False
    sent(published([TOWN]), gateway)
    before = len(gateway.carried)
    time_passes(hours=2, minutes=59)
    work(channel(gateway))
    assert (gateway.asked, len(gateway.carried)) == ([], before)
    time_passes(minutes=1)
    work(channel(gateway))
    assert (len(gateway.asked), len(gateway.carried)) == (1, before + 1)


def test_a_refused_number_is_not_tried_again(app: Flask, gateway: Gateway) -> None:
    gateway.trouble, gateway.takes_before_trouble = [MessageRefused("blocked")], False
    sent(published([TOWN]), gateway)
    time_passes(hours=2)
    work(channel(gateway))
    assert numbers().count("refused") == 1
    assert {r.refusal for r in read("SELECT refusal FROM delivery_retry")} == {"blocked"}


HELD = """
SELECT (SELECT count(*) FROM src_residents WHERE phone_sealed IS NOT NULL) AS phones,
  (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM push_subscription) AS browsers,
  (SELECT count(*) FROM wechat_link) AS links
"""


@pytest.mark.parametrize("status", [404, 410])
def test_no_answer_of_a_gateway_deletes_anything(app: Flask, status: int) -> None:
    """A browser is forgotten on such an answer; a phone is the register's, and the account's."""
    account_of(RESIDENT)
    link(RESIDENT)
    Browser(RESIDENT, "https://push.example/1")
    before = read(HELD)[0]
    assert min(before) > 0

    def answer(heard: Heard) -> Reply:
        return Reply(status if heard.method == "POST" else 404, {"code": "gone"})

    with standing(answer) as line:
        texts = TextMessages(lambda: gateway_to(line), "https://linli.example")
        notice = published([TOWN])
        begin(notice, texts)
        work(texts)
        time_passes(minutes=1)  # whose answer a busy machine lost
        work(texts)
        assert line.heard
    assert read(HELD)[0] == before
    if status == 410:
        assert set(numbers()) == {"refused"}
        assert {r.refusal for r in read("SELECT refusal FROM delivery_retry")} == {"410 gone"}
    else:  # about our address, and not about the phone
        assert set(numbers()) == {"sending"}
        assert read("SELECT 1 FROM delivery_retry WHERE parked_at IS NOT NULL") == []


def message(title: str, summary: str = "", drill: bool = False, emergency: bool = True) -> Message:
    soon, key = in_an_hour(), UUID(int=1)
    return Message(
        key, key, 1, title, summary, ("DDHT",), soon, soon, emergency=emergency, drill=drill
    )


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("", 1),
        ("水" * 70, 1),
        ("水" * 71, 2),
        ("水" * 134, 2),
        ("水" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_what_a_text_costs(text: str, cost: int) -> None:
    assert parts(text) == cost


def test_a_long_notice_is_cut_and_its_link_is_not() -> None:
    url = "https://linli.example/n/00000000-0000-0000-0000-000000000001"
    for summary in ("水" * 500, "😀" * 500, "a" * 500):
        text = wording(message("洪水", summary), url)
        assert parts(text) <= MOST_PARTS
        assert text.endswith(f"… {url}")
        assert units(text) > 200


def test_a_drill_says_so_first() -> None:
    assert wording(message("洪水", drill=True), "u").startswith("【邻里】【紧急】【演练】洪水")
