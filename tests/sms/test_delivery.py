"""Each queued message comes to its phone, and as far as anybody can tell once."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.ground import gateway_of
from app.settings import SettingsRefused, from_environment
from app.sms.delivery import sms_sweep
from app.sms.http import HttpGateway
from app.sms.printing import PrintGateway
from app.sms.queue import queue_message
from app.worker import Sweep
from tests.loopback import Answer, Cut, Loopback, Reply, Silence
from tests.sms.carrier import KEY, Carrier, carrying
from tests.surroundings import environment

PHONE, TEXT = "19904150001", "邻里验证码 042117"


class Post:
    """A carrier, the line to it, and a worker's sweep."""

    def __init__(self, carrier: Carrier, line: Loopback, gateway: HttpGateway) -> None:
        self.carrier, self.line = carrier, line
        self._gateway = gateway

    def sweep(self) -> Sweep:
        """Return the sweep of a worker that has just started."""
        return sms_sweep(lambda: self._gateway)


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    with carrying() as (carrier, line, gateway):
        yield Post(carrier, line, gateway)


def queued(lives: timedelta = timedelta(minutes=10)) -> str:
    reference = uuid.uuid4()
    queue_message(reference, PHONE, TEXT, lives)
    return str(reference)


def left() -> list[int]:
    """Return how often each message that is left was tried."""
    return [row.tries for row in read("SELECT tries FROM sms_message ORDER BY id")]


def make_due() -> None:
    with transaction():
        write("UPDATE sms_message SET due_at = now(), lease_until = NULL")


def test_what_is_queued_is_carried_and_forgotten(post: Post) -> None:
    references = [queued() for _ in range(20)]
    assert post.sweep().run() == 20
    assert sorted(each[0] for each in post.carrier.carried) == sorted(references)
    assert left() == []


LOST: dict[str, Answer] = {
    "silence": Silence(2),
    "a cut connection": Cut(),
    "a gateway's 502": Reply(502, {}),
}


@pytest.mark.parametrize("trouble", LOST.values(), ids=LOST.keys())
def test_an_answer_that_was_lost_sends_nobody_a_code_twice(post: Post, trouble: Answer) -> None:
    reference = queued()
    post.line.instead.append(trouble)
    post.line.after_the_deed = True
    assert post.sweep().run() == 1
    assert left() == [1]
    make_due()
    assert post.sweep().run() == 1
    assert left() == []
    assert [each[0] for each in post.carrier.carried] == [reference]
    assert [heard.method for heard in post.line.heard] == ["POST", "GET"]


def test_a_request_that_never_arrived_is_asked_after_and_sent(post: Post) -> None:
    reference = queued()
    post.line.instead.append(Cut())
    post.sweep().run()
    make_due()
    post.sweep().run()
    assert [each[0] for each in post.carrier.carried] == [reference]
    assert [heard.method for heard in post.line.heard] == ["POST", "GET", "POST"]
    assert left() == []


def test_nothing_is_sent_again_while_the_question_has_no_answer(post: Post) -> None:
    queued()
    for trouble in (Cut(), Reply(500, {})):
        post.line.instead.append(trouble)
        post.sweep().run()
        make_due()
    assert [heard.method for heard in post.line.heard] == ["POST", "GET"]
    assert left() == [2]


def test_a_worker_that_died_is_not_a_reason_to_send_twice(post: Post) -> None:
    """It had handed over and could not write so; another finds the row tried once."""
    reference = queued()
    post.carrier.states[reference] = "delivered"
    with transaction():
        write("UPDATE sms_message SET tries = 1")
    post.sweep().run()
    assert post.carrier.carried == []
    assert left() == []


def test_who_asks_to_wait_is_left_alone_so_long(post: Post) -> None:
    queued()
    post.line.instead.append(Reply(429, {}, {"Retry-After": "120"}))
    sweep = post.sweep()
    sweep.run()
    wait = read("SELECT due_at - now() AS wait FROM sms_message")[0].wait
    assert timedelta(seconds=110) < wait <= timedelta(seconds=121)
    make_due()
    assert sweep.run() == 0, "a gateway that answered nobody rests"


def test_what_is_refused_is_given_up_and_the_others_go_on(post: Post) -> None:
    for _ in range(3):
        queued()
    post.line.instead.append(Reply(422, {"code": "blocked"}))
    post.sweep().run()
    assert (len(post.carrier.carried), left()) == (2, [])


def test_a_code_that_is_over_is_not_sent(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    queued()
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    post.sweep().run()
    assert (post.carrier.carried, left()) == ([], [])


def test_two_workers_send_each_message_once(post: Post) -> None:
    references = [queued() for _ in range(100)]
    one, other = post.sweep(), post.sweep()
    while one.run() + other.run() or left():
        make_due()  # what a slow machine did not carry in its time waits for its next try
    assert sorted(each[0] for each in post.carrier.carried) == sorted(references)


def production(tmp_path: object, **changes: str) -> dict[str, str]:
    base = dict(environment("postgresql:///linli", tmp_path))  # type: ignore[arg-type]
    at = {"LINLI_SMS_URL": "https://sms.example/v1", "LINLI_SMS_KEY_ID": "linli"}
    return {
        **base,
        **at,
        "LINLI_ENV": "production",
        "LINLI_SMS": "http",
        "LINLI_FILES": "/srv/linli/files",
        "LINLI_SMS_KEY": KEY,
        **changes,
    }


def test_a_production_installation_can_send_codes(tmp_path: object) -> None:
    settings = from_environment(production(tmp_path))
    assert isinstance(gateway_of(settings), HttpGateway)
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"LINLI_SMS_URL": ""}, "LINLI_SMS_URL is not set"),
        ({"LINLI_SMS_KEY_ID": ""}, "LINLI_SMS_KEY_ID is not set"),
        ({"LINLI_SMS_KEY": ""}, "LINLI_SMS_KEY is not set"),
        ({"LINLI_SMS_KEY": "short"}, "shorter than 32 bytes"),
        ({"LINLI_SMS_URL": "http://sms.example"}, "take https"),
    ],
)
def test_half_a_gateway_is_refused(tmp_path: object, changes: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsRefused, match=words):
        gateway_of(from_environment(production(tmp_path, **changes)))


def test_a_developers_machine_prints(tmp_path: object) -> None:
    settings = from_environment(dict(environment("postgresql:///linli", tmp_path)))  # type: ignore[arg-type]
    assert isinstance(gateway_of(settings), PrintGateway)
