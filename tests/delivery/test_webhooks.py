"""Signed webhooks: the receiver's own library believes them, and staff keep the endpoints."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids
from flask import Flask
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app import clock
from app.database import read, transaction, write
from app.privacy import vault
from notices.channels.line import Line
from notices.channels.webhooks.sender import Webhooks
from notices.channels.webhooks.signing import new_secret
from notices.delivery import campaigns
from tests.delivery.fakes import begin, published, time_passes, work
from tests.delivery.provider import CUT, SILENCE, Got, Provider
from tests.notices_of import done, draft, publish, publish_draft, take
from tests.people import RESIDENT, STAFF, Caller, Person, staff_with

Client = Callable[[Person], Caller]
ADD = """
INSERT INTO webhook_endpoint (id, area_code, name, url_sealed, secret_sealed, old_secret_sealed,
  old_until, version, made_by, made_at)
VALUES (%(id)s, %(area)s, 'x', %(url)s, %(secret)s, %(old)s, %(until)s, 1, %(id)s, now())
"""


def endpoint(area: str, url: str, old: str | None = None, holds: float = 60.0) -> str:
    """Register an endpoint and return its secret."""
    key, secret = uuids.uuid7(), new_secret()
    with transaction():
        write(
            ADD,
            {
                "id": key,
                "area": area,
                "url": vault.seal("webhook.url", key, url),
                "secret": vault.seal("webhook.secret", key, secret),
                "old": vault.seal("webhook.secret", key, old) if old else None,
                "until": clock.now() + timedelta(seconds=holds) if old else None,
            },
        )
    return secret


def sent(notice: UUID, webhooks: Webhooks) -> None:
    begin(notice, webhooks)
    work(webhooks)


def believed(secret: str, got: Got) -> Any:
    return Webhook(secret).verify(got.body, dict(got.headers))


def test_the_receiver_believes_it_and_sees_a_repeat_by_its_id(
    receiver: Provider, webhooks: Webhooks
) -> None:
    secret = endpoint("DDHT-XQ", f"{receiver.url}/hook")
    receiver.answers["/hook"] = [500, 204]
    notice = published(["DDHT-XQ"])
    sent(notice, webhooks)
    time_passes(seconds=20)
    work(webhooks)
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == f"notice_{notice}"
    content = believed(secret, second)
    assert content["type"] == "notice.published"
    assert content["data"]["id"] == str(notice)
    with pytest.raises(WebhookVerificationError):
        believed(new_secret(), second)


def test_after_a_rotation_both_secrets_are_believed_for_a_while(
    receiver: Provider, webhooks: Webhooks
) -> None:
    old = new_secret()
    now = endpoint("DDHT-XQ", f"{receiver.url}/both", old)
    later = endpoint("DDHT-XQ", f"{receiver.url}/one", old, holds=-1)
    sent(published(["DDHT-XQ"]), webhooks)
    (both,), (one,) = receiver.at("/both"), receiver.at("/one")
    assert believed(now, both) == believed(old, both)
    assert believed(later, one)
    with pytest.raises(WebhookVerificationError):
        believed(old, one)


def test_an_endpoint_is_told_of_what_lies_over_and_under_its_area(
    receiver: Provider, webhooks: Webhooks
) -> None:
    for area in ("DDHT", "DDHT-XQ", "DDHT-XQ-LT", "DDHT-QY"):
        endpoint(area, f"{receiver.url}/{area}")
    sent(published(["DDHT-XQ"]), webhooks)
    assert {got.path for got in receiver.got} == {"/DDHT", "/DDHT-XQ", "/DDHT-XQ-LT"}


@pytest.mark.parametrize(
    ("answer", "reason", "dead"),
    [
        (SILENCE, "timeout", False),
        (CUT, "cut", False),
        ((429, {"Retry-After": "60"}), "busy", False),
        (503, "server-error", False),
        (400, "http-400", True),
        (404, "http-404", True),
        (410, "http-410", True),
        ((302, {"Location": "http://127.0.0.1/"}), "http-302", True),
    ],
)
def test_what_an_answer_leads_to(
    receiver: Provider, webhooks: Webhooks, answer: Any, reason: str, dead: bool
) -> None:
    endpoint("DDHT-XQ", f"{receiver.url}/hook")
    receiver.answers["/hook"] = [answer]
    sent(published(["DDHT-XQ"]), webhooks)
    (row,) = read("SELECT reason, due_at IS NULL AS dead FROM delivery_retry")
    assert (row.reason, row.dead) == (reason, dead)
    assert len(receiver.got) == 1, "a redirect is not followed"


def test_a_name_that_turns_out_to_be_ours_is_not_called(receiver: Provider, app: Flask) -> None:
    webhooks = Webhooks(Line(plain=True), "https://linli.example")
    endpoint("DDHT-XQ", f"{receiver.url.replace('127.0.0.1', 'localhost')}/hook")
    sent(published(["DDHT-XQ"]), webhooks)
    assert receiver.got == []
    assert [r.refusal for r in read("SELECT refusal FROM delivery_retry")] == ["not-public"]


NEW = {"area_code": "DDHT-XQ", "name": "应急指挥平台", "url": "https://example.org/linli"}


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def test_staff_register_rotate_and_stop(sign_in: Client) -> None:
    staff = sign_in(STAFF)
    made = staff.post("/api/v1/webhooks", NEW)
    assert made.status_code == 201, made.json
    assert made.json is not None
    secret, path = made.json["secret"], made.headers["Location"]
    shown = staff.get(path).json or {}
    assert (shown["url"], "secret" in shown) == (NEW["url"], False)
    assert slug(staff.post(f"{path}/secret", version=9)) == "stale-version"
    rotated = staff.post(f"{path}/secret", version=1).json or {}
    assert rotated["secret"] != secret
    assert rotated["old_secret_until"] is not None
    assert len((staff.get("/api/v1/webhooks").json or {})["items"]) == 1
    assert staff.delete(path).status_code == 204
    assert slug(staff.get(path)) == "not-found"
    assert slug(staff.delete(path)) == "not-found"


def test_a_repeated_registration_is_one_and_answers_the_same_secret(sign_in: Client) -> None:
    staff = sign_in(STAFF)
    one, two = (staff.post("/api/v1/webhooks", NEW, key="the-same-key") for _ in range(2))
    assert one.json == two.json
    assert read("SELECT count(*) AS n FROM webhook_endpoint")[0].n == 1


def test_staff_of_another_area_see_none_of_it(sign_in: Client) -> None:
    made = sign_in(STAFF).post("/api/v1/webhooks", NEW)
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    path = made.headers["Location"]
    assert slug(local.post("/api/v1/webhooks", NEW)) == "not-found"
    assert slug(local.get(path)) == "not-found"
    assert slug(local.post(f"{path}/secret", version=1)) == "not-found"
    assert slug(local.delete(path)) == "not-found"
    assert (local.get("/api/v1/webhooks").json or {})["items"] == []
    assert sign_in(RESIDENT).get(path).status_code == 403


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.org/x", "not-https"),
        ("https://127.0.0.1/x", "not-public"),
        ("https://[::1]/x", "not-public"),
        ("https://[::ffff:10.0.0.1]/x", "not-public"),
        ("https://169.254.169.254/latest", "not-public"),
        ("https://10.1.2.3/x", "not-public"),
        ("https://example.org:8443/x", "port"),
        ("https://user:pw@example.org/x", "userinfo"),
    ],
)
def test_addresses_that_are_not_out_there_are_refused(
    sign_in: Client, url: str, reason: str
) -> None:
    answer = sign_in(STAFF).post("/api/v1/webhooks", {**NEW, "url": url})
    assert (slug(answer), (answer.json or {})["reason"]) == ("webhook-url-refused", reason)


def test_an_area_has_room_for_twenty(sign_in: Client) -> None:
    for _ in range(20):
        endpoint("DDHT-XQ", "https://example.org/x")
    answer = sign_in(STAFF).post("/api/v1/webhooks", NEW)
    assert slug(answer) == "too-many-endpoints"


def test_a_system_is_told_that_a_notice_was_withdrawn(
    receiver: Provider, webhooks: Webhooks, sign_in: Client
) -> None:
    """It keeps a copy, and nobody takes that out of its hands."""
    secret = endpoint("DDHT-XQ", f"{receiver.url}/hook")
    notice = publish(sign_in, audience={"areas": ["DDHT-XQ"]})
    campaigns.cut_campaigns(campaigns.USUAL, lambda name: name == webhooks.name)
    work(webhooks)
    receiver.answers["/hook"] = [500, 204]
    done(take(sign_in(STAFF), notice, "withdrawal"))
    campaigns.cut_campaigns(campaigns.USUAL, lambda name: name == webhooks.name)
    work(webhooks)
    time_passes(seconds=20)
    work(webhooks)
    first, over, again = receiver.got
    assert believed(secret, first)["type"] == "notice.published"
    for got in (over, again):
        content = believed(secret, got)
        assert content["type"] == "notice.withdrawn"
        assert content["data"]["id"] == notice["root_id"]
        assert got.headers["webhook-id"] == f"notice_{notice['id']}_withdrawn"
    assert content["timestamp"] > believed(secret, first)["timestamp"]
    assert read("SELECT 1 FROM delivery_retry") == []


def test_of_a_draft_that_was_withdrawn_nobody_is_told(
    receiver: Provider, webhooks: Webhooks, sign_in: Client
) -> None:
    endpoint("DDHT-XQ", f"{receiver.url}/hook")
    done(take(sign_in(STAFF), draft(sign_in), "withdrawal"))
    campaigns.cut_campaigns(campaigns.USUAL, lambda name: name == webhooks.name)
    work(webhooks)
    assert receiver.got == []


def test_a_correction_that_leaves_an_area_is_told_there_as_a_withdrawal(
    receiver: Provider, webhooks: Webhooks, sign_in: Client
) -> None:
    """Who hears of the correction is not told of a withdrawal besides."""

    def deliver() -> list[tuple[str, str]]:
        receiver.got.clear()
        campaigns.cut_campaigns(campaigns.USUAL, lambda name: name == webhooks.name)
        work(webhooks)
        return sorted((got.path, got.json["type"]) for got in receiver.got)

    for area in ("DDHT-XQ", "DDHT-QY"):
        endpoint(area, f"{receiver.url}/{area}")
    notice = publish(sign_in, audience={"areas": ["DDHT-XQ", "DDHT-QY"]})
    assert deliver() == [("/DDHT-QY", "notice.published"), ("/DDHT-XQ", "notice.published")]
    for note in ("只在新区", "时间有误"):
        words = {name: notice[name] for name in ("title", "body_md")}
        words |= {"audience": {"areas": ["DDHT-XQ"]}, "change_note": note}
        notice = publish_draft(sign_in, done(take(sign_in(STAFF), notice, "correction", words)))
        told = deliver()
        assert ("/DDHT-XQ", "notice.corrected") in told
        gone = [("/DDHT-QY", "notice.withdrawn")] if note == "只在新区" else []
        assert [each for each in told if each[1] != "notice.corrected"] == gone
        assert len(told) == 1 + len(gone)
