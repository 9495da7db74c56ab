"""WeChat: what its answers mean, one access token for all, and how a person links theirs."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
import uuid_utils.compat as uuids
from flask import Flask

from app import clock
from app.database import db, read, transaction, write
from app.privacy import vault
from notices.channels.line import Line
from notices.channels.wechat.linking import exchange_codes
from notices.channels.wechat.sender import WeChat
from notices.channels.wechat.tokens import Tokens
from tests.delivery.fakes import begin, published, reached, time_passes, work
from tests.delivery.provider import CUT, SILENCE, Provider, provider
from tests.people import NEIGHBOUR, RESIDENT, Caller, Person, account_of

SEND, TOKEN = "/cgi-bin/message/template/send", "/cgi-bin/stable_token"


def said(code: int) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, orjson.dumps({"errcode": code, "errmsg": "x", "msgid": 1})


def token(name: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, orjson.dumps({"access_token": name, "expires_in": 7200})


@pytest.fixture
def weixin() -> Iterator[Provider]:
    with provider() as found:
        found.answers = {SEND: [said(0)], TOKEN: [token("first")]}
        yield found


def line() -> Line:
    return Line(lambda _: True, plain=True, read_seconds=0.5)


@pytest.fixture
def channel(app: Flask, weixin: Provider) -> WeChat:
    tokens = Tokens(line(), weixin.url, "wx1", "secret")
    return WeChat(line(), tokens, weixin.url, "template-1", "https://linli.example")


@pytest.fixture
def linked(app: Flask) -> UUID:
    return link(RESIDENT)


def link(person: Person) -> UUID:
    """Link somebody's WeChat; return the id of the link."""
    key, account = uuids.uuid7(), account_of(person)
    sealed = vault.seal("wechat.openid", key, "openid-1", account)
    with transaction():
        write(
            "INSERT INTO wechat_link (id, account_id, openid_sealed, made_at)"
            " VALUES (%(id)s, %(me)s, %(openid)s, now())",
            {"id": key, "me": account, "openid": sealed},
        )
    return key


def sent(channel: WeChat) -> UUID:
    notice = published(["DDHT-XQ"])
    begin(notice, channel)
    work(channel)
    return notice


def reasons() -> list[str]:
    return [row.reason for row in read("SELECT reason FROM delivery_retry")]


def test_a_linked_person_is_sent_the_template_once(
    weixin: Provider, channel: WeChat, linked: UUID
) -> None:
    notice = sent(channel)
    (got,) = weixin.at(SEND)
    assert got.path == f"{SEND}?access_token=first"
    assert (got.json["touser"], got.json["client_msg_id"]) == ("openid-1", notice.hex)
    assert len(got.json["client_msg_id"]) <= 64
    assert reached(notice) == 1


@pytest.mark.parametrize("code", [45065, 40241])
def test_already_sent_is_delivered(
    weixin: Provider, channel: WeChat, linked: UUID, code: int
) -> None:
    weixin.answers[SEND] = [said(code)]
    assert reached(sent(channel)) == 1


def test_the_daily_quota_parks_until_tomorrow(
    weixin: Provider, channel: WeChat, linked: UUID
) -> None:
    weixin.answers[SEND] = [said(45009), said(0)]
    notice = sent(channel)
    (row,) = read("SELECT reason, tries, due_at FROM delivery_retry")
    assert (row.reason, row.tries) == ("daily-quota", 0)
    there = row.due_at.astimezone(clock.SHANGHAI)
    assert (there.date() - clock.today(), there.hour) == (timedelta(days=1), 0)
    time_passes(hours=25)
    work(channel)
    assert reached(notice) == 1


def test_who_does_not_follow_any_more_is_forgotten(
    weixin: Provider, channel: WeChat, linked: UUID
) -> None:
    weixin.answers[SEND] = [said(43004)]
    assert reached(sent(channel)) == 0
    assert read("SELECT 1 FROM wechat_link") == []
    assert reasons() == []


def test_who_is_unknown_to_the_app_is_told_to_staff_and_not_forgotten(
    weixin: Provider, channel: WeChat, linked: UUID
) -> None:
    """An installation that was given another app's id must not lose every link to that."""
    weixin.answers[SEND] = [said(40003)]
    assert reached(sent(channel)) == 0
    assert len(read("SELECT 1 FROM wechat_link")) == 1
    assert reasons() == ["wechat-40003"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (SILENCE, "timeout"),
        (CUT, "cut"),
        (500, "server-error"),
        ((200, {}, b"<html>"), "unreadable"),
        (said(-1), "busy"),
        ((429, {"Retry-After": "9"}), "busy"),
    ],
)
def test_no_usable_answer_is_tried_again(
    weixin: Provider, channel: WeChat, linked: UUID, answer: Any, reason: str
) -> None:
    weixin.answers[SEND] = [answer, said(45065)]
    notice = sent(channel)
    assert reasons() == [reason]
    time_passes(seconds=20)
    work(channel)
    assert reached(notice) == 1


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_refused_call_is_for_staff_and_the_link_stays(
    weixin: Provider, channel: WeChat, linked: UUID, status: int
) -> None:
    """Only Weixin's own word says that somebody no longer follows; a wrong address does not."""
    weixin.answers[SEND] = [status]
    assert reached(sent(channel)) == 0
    (row,) = read("SELECT reason, due_at IS NULL AS dead FROM delivery_retry")
    assert (row.reason, row.dead) == (f"http-{status}", True)
    assert [row.id for row in read("SELECT id FROM wechat_link")] == [linked]


def test_a_spent_token_is_renewed_once_and_the_message_goes_out(
    weixin: Provider, channel: WeChat, linked: UUID
) -> None:
    weixin.answers[TOKEN] = [token("first"), token("second")]
    weixin.answers[SEND] = [said(42001), said(0)]
    assert reached(sent(channel)) == 1
    assert [got.path[-6:] for got in weixin.at(SEND)] == ["=first", "second"]
    sent(channel)
    assert len(weixin.at(TOKEN)) == 2, "the second is kept for all"


def test_many_workers_ask_for_one_token(app: Flask, weixin: Provider) -> None:
    together, found = threading.Barrier(6), []

    def ask() -> None:
        with app.app_context():
            together.wait()
            found.append(Tokens(line(), weixin.url, "wx1", "secret").token())
            db.session.remove()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["first"] * 6
    assert len(weixin.at(TOKEN)) == 1


def test_a_refused_secret_holds_messages_back(
    weixin: Provider, channel: WeChat, linked: UUID
) -> None:
    weixin.answers[TOKEN] = [said(40125)]
    sent(channel)
    assert (reasons(), weixin.at(SEND)) == (["wechat-40125"], [])


Client = Callable[[Person], Caller]


def test_a_person_links_and_unlinks(app: Flask, weixin: Provider, sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    assert resident.get("/api/v1/wechat-link").status_code == 404
    linked = resident.post("/api/v1/wechat-link", {"code": "code-from-weixin"})
    assert (linked.status_code, (linked.json or {})["state"]) == (202, "waiting")
    openid = {"openid": "openid-2", "access_token": "t"}
    weixin.answers["/sns/oauth2/access_token"] = [SILENCE, (200, {}, orjson.dumps(openid))]
    exchange_codes(line(), weixin.url, "wx1", "secret")
    assert (resident.get("/api/v1/wechat-link").json or {})["state"] == "waiting"
    with transaction():
        write("UPDATE wechat_link SET due_at = now()")
    exchange_codes(line(), weixin.url, "wx1", "secret")
    assert (resident.get("/api/v1/wechat-link").json or {})["state"] == "linked"
    assert read("SELECT code_sealed FROM wechat_link")[0].code_sealed is None
    assert sign_in(NEIGHBOUR).get("/api/v1/wechat-link").status_code == 404
    assert resident.delete("/api/v1/wechat-link").status_code == 204
    assert resident.delete("/api/v1/wechat-link").status_code == 404


def test_a_code_that_weixin_refuses_is_refused(
    app: Flask, weixin: Provider, sign_in: Client
) -> None:
    resident = sign_in(RESIDENT)
    resident.post("/api/v1/wechat-link", {"code": "code-from-weixin"})
    weixin.answers["/sns/oauth2/access_token"] = [said(40029)]
    exchange_codes(line(), weixin.url, "wx1", "secret")
    assert (resident.get("/api/v1/wechat-link").json or {})["state"] == "refused"
