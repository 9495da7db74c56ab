"""A person is one, however many browsers they have and however often a channel reaches them."""

from typing import Any

from flask import Flask

from app.database import read
from notices.channels.line import Line
from notices.channels.push.sender import WebPush
from notices.channels.webhooks.sender import Webhooks
from notices.delivery.redriving import DEAD
from tests.api.notices.test_duties import climb, let_pass
from tests.delivery.fakes import begin, published, reached, time_passes, work
from tests.delivery.provider import Provider
from tests.delivery.test_push import VAPID, Browser, channel, sent, service
from tests.delivery.test_reminders import duty
from tests.delivery.test_webhooks import endpoint
from tests.notices_of import Client, publish
from tests.people import NEIGHBOUR, RESIDENT, WORKER, Caller

__all__ = ["channel", "service"]  # fixtures
AREA = "DDHT-XQ"
COUNTS = """
SELECT channel, sum(residents)::int AS n FROM notice_reach WHERE notice_id = %(id)s GROUP BY 1
"""


def counts(notice: object) -> dict[str, int]:
    return {row.channel: row.n for row in read(COUNTS, {"id": notice})}


def test_two_browsers_are_one_person(service: Provider, channel: WebPush) -> None:
    for name in "ab":
        Browser(RESIDENT, f"{service.url}/{name}")
    notice = published([AREA])
    sent(notice, channel)
    assert (len(service.got), reached(notice)) == (2, 1)


def test_a_browser_that_is_late_adds_nobody(service: Provider, channel: WebPush) -> None:
    """One was reached at once and one later; or both later."""
    for name in "ab":
        Browser(RESIDENT, f"{service.url}/{name}")
    for both in (False, True):
        service.answers = {"/a": [500, 201]} | ({"/b": [500, 201]} if both else {})
        notice = published([AREA])
        sent(notice, channel)
        assert reached(notice) == (0 if both else 1)
        time_passes(seconds=20)
        work(channel)
        assert read("SELECT 1 FROM delivery_retry") == []
        assert reached(notice) == 1, f"both late: {both}"


def push_to(service: Provider) -> WebPush:
    return WebPush(VAPID, Line(lambda _: True, plain=True, read_seconds=2.0))


def test_a_reminder_counts_nobody_twice(app: Flask, sign_in: Client, service: Provider) -> None:
    Browser(RESIDENT, f"{service.url}/a")
    notice, push = duty(sign_in), push_to(service)
    begin_and_work(notice, push)
    climb()
    let_pass(notice)
    climb()
    work(push)
    assert len(service.got) == 2, "told, and told again"
    assert counts(notice["id"]) == {"push": 1}


def test_who_was_given_up_is_reminded_all_the_same(
    app: Flask, sign_in: Client, service: Provider
) -> None:
    Browser(RESIDENT, f"{service.url}/a")
    service.answers = {"/a": [413, 201]}
    notice, push = duty(sign_in), push_to(service)
    begin_and_work(notice, push)
    assert [row.reason for row in read(DEAD, {"id": notice["id"]})] == ["http-413"]
    climb()
    let_pass(notice)
    climb()
    work(push)
    assert read(DEAD, {"id": notice["id"]}) == []
    assert counts(notice["id"]) == {"push": 1}, "for the first time"


def begin_and_work(notice: dict[str, Any], push: WebPush) -> None:
    from notices.delivery.campaigns import USUAL, cut_campaigns

    cut_campaigns(USUAL, lambda name: name == push.name)
    work(push)


def test_a_system_that_is_told_is_no_resident(app: Flask, service: Provider) -> None:
    endpoint(AREA, f"{service.url}/hook")
    line = Line(lambda _: True, plain=True, read_seconds=2.0)
    notice, hooks = published([AREA]), Webhooks(line, "https://linli.example")
    begin(notice, hooks)
    work(hooks)
    assert len(service.at("/hook")) == 1
    assert counts(notice) == {}


def read_and_acknowledge(caller: Caller, notice: dict[str, Any]) -> None:
    for deed in ("read", "acknowledgement"):
        assert caller.post(f"/api/v1/inbox/{notice['id']}/{deed}").status_code == 204


def test_who_reads_by_office_is_none_of_the_audience(sign_in: Client) -> None:
    """The resident leads an enterprise in the neighbour's grid; who lives there reads as well."""
    there, owed = NEIGHBOUR.facts["grid"], {"needs_ack": True, "ack_by": "2089-01-01T00:00:00Z"}
    for people, callers in (
        (["enterprises"], [RESIDENT]),
        (["workers"], [WORKER]),
        (["all", "enterprises"], [RESIDENT, NEIGHBOUR]),
    ):
        readers = [sign_in(person) for person in callers]
        areas = ["DDHT-XQ"] if people == ["workers"] else [there]
        notice = publish(sign_in, audience={"areas": areas, "people": people}, **owed)
        for caller in readers:
            read_and_acknowledge(caller, notice)
        living = {"read": 1, "ack": 1} if NEIGHBOUR in callers else {}
        assert counts(notice["id"]) == living, people
