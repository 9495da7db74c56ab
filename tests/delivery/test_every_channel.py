"""One notice id through all channels: whoever hears of it twice can tell that it is the same."""

import json
from collections.abc import Callable, Iterator
from uuid import UUID

import feedparser
import orjson
import pytest
from flask import Flask
from lxml import etree

from app.database import read
from app.settings import Settings
from notices.cap.alerts import write_due
from notices.channels.line import Line
from notices.channels.push.sender import WebPush
from notices.channels.push.vapid import unb64
from notices.channels.text.sender import TextMessages
from notices.channels.webhooks.sender import Webhooks
from notices.channels.wechat.sender import WeChat
from notices.channels.wechat.tokens import Tokens
from notices.delivery.campaigns import EMERGENCY
from tests.delivery.fakes import begin, work
from tests.delivery.provider import Provider, provider
from tests.delivery.test_push import VAPID, Browser
from tests.delivery.test_text import Gateway
from tests.delivery.test_webhooks import believed, endpoint
from tests.delivery.test_wechat import SEND, TOKEN, link, said, token
from tests.feeds.test_cap import alerts, emergency, tag, text
from tests.feeds.test_feeds import FORMS, ids, path
from tests.live.stream import Process, page, running
from tests.notices_of import done, publish_draft, take
from tests.people import RESIDENT, STAFF, Caller, Person

Client = Callable[[Person], Caller]
WEB = "https://linli.example"


class Phones(Gateway):
    """Carries text messages, and remembers what they say."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def send(self, reference: UUID, phone: str, text: str) -> None:
        super().send(reference, phone, text)
        self.texts.append(text)


@pytest.fixture
def process(app: Flask, settings: Settings) -> Iterator[Process]:
    with running(settings) as found:
        yield found


@pytest.fixture
def world(app: Flask) -> Iterator[Provider]:
    """Stand for the push service, WeChat and whoever keeps a webhook."""
    with provider() as found:
        found.answers = {SEND: [said(0)], TOKEN: [token("first")]}
        yield found


def send(world: Provider, notice: UUID, phones: Phones) -> None:
    """Send a notice through every channel that delivers."""
    line = Line(lambda _: True, plain=True, read_seconds=2.0)
    tokens = Tokens(line, world.url, "wx1", "secret")
    for channel in (
        WebPush(VAPID, line),
        Webhooks(line, WEB),
        WeChat(line, tokens, world.url, "template-1", WEB),
        TextMessages(lambda: phones, WEB),
    ):
        begin(notice, channel, emergency=True)
        work(channel, EMERGENCY)


def test_one_notice_is_the_same_notice_on_every_channel(
    world: Provider, process: Process, sign_in: Client, nobody: Caller
) -> None:
    browser, phones = Browser(RESIDENT, f"{world.url}/push"), Phones()
    secret = endpoint("DDHT-XQ-LT", f"{world.url}/hook")
    link(RESIDENT)
    with page(process, sign_in(RESIDENT)) as open_page:
        notice = emergency(sign_in)
        told = open_page.notice()
    key = UUID(notice["root_id"])
    assert notice["id"] == notice["root_id"] == told, "the page that is open"

    send(world, UUID(notice["id"]), phones)
    (pushed,) = world.at("/push")
    assert unb64(pushed.headers["topic"]) == key.bytes
    assert browser.opened(pushed.body)["id"] == str(key)
    (hooked,) = world.at("/hook")
    assert hooked.headers["webhook-id"] == f"notice_{key}"
    assert believed(secret, hooked)["data"]["id"] == str(key)
    (sent,) = world.at(SEND)
    assert sent.json["client_msg_id"] == key.hex
    assert sent.json["url"] == f"{WEB}/n/{key}"

    assert phones.texts
    assert set(phones.sends.values()) == {1}
    assert all(each.endswith(f" {WEB}/n/{key}") for each in phones.texts)
    assert {row.notice_id for row in read("SELECT notice_id FROM text_ledger")} == {key}

    assert write_due(WEB) == 1
    (alert,) = alerts(nobody)
    assert f"<web>{WEB}/n/{key}</web>".encode() in alert
    for form in FORMS:
        assert ids(nobody, form, "DDHT-XQ-LT") == [f"urn:uuid:{key}"]
    inbox = orjson.loads(sign_in(RESIDENT).get("/api/v1/inbox").data)
    assert [each["id"] for each in inbox["items"]] == [str(key)]


def test_a_drill_is_told_as_a_drill_on_every_channel(
    world: Provider, process: Process, sign_in: Client, nobody: Caller
) -> None:
    """Nobody may run from an exercise; each channel says so by its words or its own mark."""
    browser, phones = Browser(RESIDENT, f"{world.url}/push"), Phones()
    endpoint("DDHT-XQ-LT", f"{world.url}/hook")
    link(RESIDENT)
    with page(process, sign_in(RESIDENT)) as open_page:
        notice = emergency(sign_in, drill=True)
        heard = open_page.notice()
    send(world, UUID(notice["id"]), phones)

    shown = sign_in(RESIDENT).get(f"/api/v1/inbox/{heard}").json or {}
    assert shown["drill"] is True, "what an open page asks for"
    assert "【演练】" in shown["title"]
    assert shown["large_text"].startswith("【演练】"), "large print is shown alone"
    assert shown["read_aloud"].startswith("【演练】")
    (pushed,) = world.at("/push")
    opened = browser.opened(pushed.body)
    assert opened["drill"] is True
    assert "【演练】" in opened["title"]
    (hooked,) = world.at("/hook")
    assert hooked.json["data"]["drill"] is True
    (sent,) = world.at(SEND)
    assert "【演练】" in json.dumps(sent.json, ensure_ascii=False)
    assert phones.texts
    assert all("【演练】" in each for each in phones.texts)
    for form in FORMS:
        assert "【演练】" in nobody.get(path(form, "DDHT-XQ-LT")).text
    assert "<h1>【演练】" in nobody.get(f"/n/{notice['root_id']}").text
    (entry,) = feedparser.parse(nobody.get("/feeds/DDHT-XQ-LT/alerts.atom").data).entries
    assert entry.title.startswith("Alert: 【演练】")
    (alert,) = alerts(nobody)
    assert b"<status>Exercise</status>" in alert


def test_a_correction_says_what_changed_on_every_channel(
    world: Provider, process: Process, sign_in: Client, nobody: Caller
) -> None:
    """Or it looks like the same message once more, and whoever read the first acts on that."""
    browser, phones, changed = Browser(RESIDENT, f"{world.url}/push"), Phones(), "改为下午三点"
    endpoint("DDHT-XQ-LT", f"{world.url}/hook")
    link(RESIDENT)
    first = emergency(sign_in)
    words = {name: first[name] for name in ("title", "body_md", "priority", "audience")}
    wrong = take(sign_in(STAFF), first, "correction", {**words, "change_note": changed})
    with page(process, sign_in(RESIDENT)) as open_page:
        notice = publish_draft(sign_in, done(wrong))
        heard = open_page.notice()
    send(world, UUID(notice["id"]), phones)

    shown = sign_in(RESIDENT).get(f"/api/v1/inbox/{heard}").json or {}
    assert (shown["change_note"], shown["revision"]) == (changed, 2)
    (pushed,) = world.at("/push")
    opened = browser.opened(pushed.body)
    assert (opened["id"], opened["tag"]) == (first["id"], first["id"]), "it replaces the first"
    assert changed in opened["body"]
    (hooked,) = world.at("/hook")
    assert hooked.json["type"] == "notice.corrected"
    assert changed in hooked.json["data"]["summary"]
    (sent,) = world.at(SEND)
    assert changed in json.dumps(sent.json, ensure_ascii=False)
    assert phones.texts
    assert all(changed in each for each in phones.texts)
    for form in FORMS:
        assert changed in nobody.get(path(form, "DDHT-XQ-LT")).text
    assert changed in nobody.get(f"/n/{first['id']}").text
    _, update = alerts(nobody)
    assert changed in (text(update, "note") or "")
    said_there = etree.fromstring(update).findtext(f"{tag('info')}/{tag('description')}")
    assert changed in (said_there or "")
