"""Web push: what a browser's push service gets, and what its answers lead to."""

import base64
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import http_ece
import jwt
import orjson
import pytest
import uuid_utils.compat as uuids
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.privacy import vault
from notices.channels.line import Line
from notices.channels.push.sender import WebPush
from notices.channels.push.vapid import Vapid, b64, unb64
from notices.delivery.campaigns import EMERGENCY, USUAL
from tests.delivery.fakes import begin, in_an_hour, published, reached, time_passes, work
from tests.delivery.provider import CUT, SILENCE, Provider, provider
from tests.people import NEIGHBOUR, RESIDENT, Caller, Person, account_of

VAPID = Vapid(hashlib.sha256(b"vapid").digest(), "mailto:ops@example.org")


class Browser:
    """A browser of somebody: it has the keys to read what is pushed to it."""

    def __init__(self, person: Person, url: str, since: datetime | None = None) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth, self.id = os.urandom(16), uuids.uuid7()
        public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = orjson.dumps({"p256dh": b64(public), "auth": b64(self.auth)}).decode()
        account = account_of(person)
        with transaction():
            write(
                "INSERT INTO push_subscription VALUES (%(id)s, %(me)s, %(ix)s, %(e)s, %(k)s,"
                " %(d)s, now(), coalesce(%(since)s, now()))",
                {
                    "id": self.id,
                    "me": account,
                    "ix": vault.index("push.endpoint", url),
                    "e": vault.seal("push.endpoint", self.id, url, account),
                    "k": vault.seal("push.keys", self.id, keys, account),
                    "d": b"x",
                    "since": since,
                },
            )

    def opened(self, body: bytes) -> Any:
        return orjson.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth))


@pytest.fixture
def service() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
def channel(app: Flask) -> WebPush:
    return WebPush(VAPID, Line(lambda _: True, plain=True, read_seconds=0.5))


def browsers() -> set[UUID]:
    return {row.id for row in read("SELECT id FROM push_subscription")}


def sent(notice: UUID, channel: WebPush) -> None:
    begin(notice, channel)
    work(channel)


def test_the_browser_reads_what_was_pushed_and_the_service_who_pushed(
    service: Provider, channel: WebPush
) -> None:
    browser = Browser(RESIDENT, f"{service.url}/a")
    notice = published(["DDHT-XQ"], title="停水", expires_at=in_an_hour())
    sent(notice, channel)
    (got,) = service.got
    content = browser.opened(got.body)
    assert (content["id"], content["title"]) == (str(notice), "停水")
    assert got.headers["content-encoding"] == "aes128gcm"
    assert 3500 < int(got.headers["ttl"]) <= 3600
    assert got.headers["urgency"] == "normal"
    assert unb64(got.headers["topic"]) == notice.bytes
    assert len(got.headers["topic"]) <= 32
    scheme, token, key = got.headers["authorization"].replace(",", "").split()
    assert scheme == "vapid"
    point = unb64(key.removeprefix("k="))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(token.removeprefix("t="), public, ["ES256"], audience=service.url)
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600
    assert claims["sub"] == "mailto:ops@example.org"
    assert reached(notice) == 1


@pytest.mark.parametrize(("emergency", "urgency"), [(True, "high"), (False, "normal")])
def test_a_phone_is_woken_for_emergencies_alone(
    service: Provider, channel: WebPush, emergency: bool, urgency: str
) -> None:
    browser = Browser(RESIDENT, f"{service.url}/a")
    begin(published(["DDHT-XQ"], emergency=emergency), channel, emergency=emergency)
    work(channel, EMERGENCY if emergency else USUAL)
    (got,) = service.got
    assert got.headers["urgency"] == urgency
    assert browser.opened(got.body)["title"].startswith("【紧急】") is emergency


def test_who_lives_elsewhere_is_not_pushed_to(service: Provider, channel: WebPush) -> None:
    Browser(NEIGHBOUR, f"{service.url}/b")
    sent(published(["DDHT-XQ"]), channel)
    assert service.got == []


def test_each_browser_of_a_person_is_pushed_to(service: Provider, channel: WebPush) -> None:
    for name in "abc":
        Browser(RESIDENT, f"{service.url}/{name}")
    sent(published(["DDHT-XQ"]), channel)
    assert sorted(got.path for got in service.got) == ["/a", "/b", "/c"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    service: Provider, channel: WebPush, status: int
) -> None:
    stays, gone = Browser(RESIDENT, f"{service.url}/a"), Browser(RESIDENT, f"{service.url}/b")
    service.answers["/b"] = [status]
    sent(published(["DDHT-XQ"]), channel)
    assert browsers() == {stays.id}
    assert gone.id not in browsers()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(500, "server-error"), (SILENCE, "timeout"), (CUT, "cut"), (429, "busy")],
)
def test_all_else_keeps_the_browser_and_is_tried_again(
    service: Provider, channel: WebPush, answer: Any, reason: str
) -> None:
    browser = Browser(RESIDENT, f"{service.url}/a")
    service.answers["/a"] = [answer, 201]
    notice = published(["DDHT-XQ"])
    sent(notice, channel)
    assert [row.reason for row in read("SELECT reason FROM delivery_retry")] == [reason]
    assert (browsers(), reached(notice)) == ({browser.id}, 0)
    time_passes(seconds=20)
    work(channel)
    assert reached(notice) == 1
    topics = {got.headers["topic"] for got in service.got}
    assert len(topics) == 1, "what is pushed twice replaces itself"


def test_retry_after_of_a_push_service_is_honoured(service: Provider, channel: WebPush) -> None:
    Browser(RESIDENT, f"{service.url}/a")
    service.answers["/a"] = [(429, {"Retry-After": "7200"}), 201]
    sent(published(["DDHT-XQ"]), channel)
    due = read("SELECT due_at FROM delivery_retry")[0].due_at
    assert due >= clock.now() + timedelta(seconds=7100)


def test_a_notice_without_expiry_is_kept_for_those_who_are_offline(
    service: Provider, channel: WebPush
) -> None:
    Browser(RESIDENT, f"{service.url}/a")
    sent(published(["DDHT-XQ"]), channel)
    assert int(service.got[0].headers["ttl"]) == 3 * 86400


def test_a_refusal_is_for_staff_and_the_browser_stays(service: Provider, channel: WebPush) -> None:
    browser = Browser(RESIDENT, f"{service.url}/a")
    service.answers["/a"] = [413]
    sent(published(["DDHT-XQ"]), channel)
    assert [r.refusal for r in read("SELECT refusal FROM delivery_retry")] == ["http-413"]
    assert browsers() == {browser.id}


def test_a_long_notice_fits(service: Provider, channel: WebPush) -> None:
    browser = Browser(RESIDENT, f"{service.url}/a")
    sent(published(["DDHT-XQ"], title="水" * 200), channel)
    (got,) = service.got
    assert len(got.body) <= 4096
    assert browser.opened(got.body)["title"] == "水" * 200


Client = Callable[[Person], Caller]


def new(name: str = "one", **changes: Any) -> dict[str, Any]:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {"p256dh": b64(point), "auth": b64(os.urandom(16))}
    endpoint = f"https://fcm.googleapis.com/fcm/send/{name}"
    return {"endpoint": endpoint, "keys": keys, "device": "Chrome", **changes}


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def test_a_resident_adds_lists_and_removes_a_browser(sign_in: Client) -> None:
    resident, body = sign_in(RESIDENT), new()
    added = resident.post("/api/v1/push-subscriptions", body, key="the-same-key")
    assert added.status_code == 201, added.json
    again = resident.post("/api/v1/push-subscriptions", body, key="the-same-key")
    assert again.headers["Idempotency-Replayed"] == "true"
    listed = resident.get("/api/v1/push-subscriptions").json or {}
    assert [each["device"] for each in listed["items"]] == ["Chrome"]
    assert "fcm" not in str(listed)
    path = added.headers["Location"]
    assert slug(sign_in(NEIGHBOUR).delete(path)) == "not-found"
    assert resident.delete(path).status_code == 204
    assert slug(resident.delete(path)) == "not-found"


def test_a_browser_belongs_to_who_signed_in_last(sign_in: Client) -> None:
    body = new()
    for person in (RESIDENT, NEIGHBOUR):
        assert sign_in(person).post("/api/v1/push-subscriptions", body).status_code == 201
    assert (sign_in(RESIDENT).get("/api/v1/push-subscriptions").json or {})["items"] == []


def test_a_browser_says_since_when_its_account_could_be_pushed_to(sign_in: Client) -> None:
    """Who comes again, or with one more, was there before; who takes another's was not."""

    def since() -> set[datetime]:
        return {row.since for row in read("SELECT since FROM push_subscription")}

    body = new()
    assert sign_in(RESIDENT).post("/api/v1/push-subscriptions", body).status_code == 201
    began = since()
    for each in (body, new("more")):
        assert sign_in(RESIDENT).post("/api/v1/push-subscriptions", each).status_code == 201
    assert len(browsers()) == 2
    assert since() == began
    assert sign_in(NEIGHBOUR).post("/api/v1/push-subscriptions", body).status_code == 201
    assert len(since()) == 2


def test_ten_browsers_are_enough(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    for number in range(10):
        assert resident.post("/api/v1/push-subscriptions", new(str(number))).status_code == 201
    refused = resident.post("/api/v1/push-subscriptions", new("more"))
    assert (refused.status_code, slug(refused)) == (409, "too-many-browsers")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://example.org/push",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil-fcm.googleapis.com@127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://fcm.googleapis.com:8443/x",
        "https://notify.windows.com.evil/x",
    ],
)
def test_we_push_only_to_push_services(sign_in: Client, endpoint: str) -> None:
    answer = sign_in(RESIDENT).post("/api/v1/push-subscriptions", new(endpoint=endpoint))
    assert slug(answer) == "push-service-refused"


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": b64(b"\4" + bytes(64)), "auth": b64(bytes(16))},
        {"p256dh": base64.urlsafe_b64encode(b"x" * 30).decode(), "auth": b64(bytes(16))},
        {"p256dh": new()["keys"]["p256dh"], "auth": b64(bytes(15))},
    ],
)
def test_keys_that_nobody_could_read_with_are_refused(
    sign_in: Client, keys: dict[str, str]
) -> None:
    answer = sign_in(RESIDENT).post("/api/v1/push-subscriptions", new(keys=keys))
    assert slug(answer) == "push-keys-refused"


def test_an_installation_without_a_key_says_so(nobody: Caller) -> None:
    answer = nobody.get("/api/v1/push-key")
    assert (answer.status_code, slug(answer)) == (503, "push-not-offered")
