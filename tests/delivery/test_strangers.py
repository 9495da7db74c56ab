"""What systems of others are told: what anybody may read, and nothing more."""

from collections.abc import Callable
from typing import Any

import pytest

from app.database import read
from notices.channels.webhooks.sender import Webhooks
from notices.delivery import campaigns
from tests.delivery.fakes import work
from tests.delivery.provider import Provider
from tests.delivery.test_webhooks import believed, endpoint
from tests.notices_of import NEW, done, publish, publish_draft, take
from tests.people import RESIDENT, STAFF, Caller, Person
from tests.requests_of import file

Client = Callable[[Person], Caller]
QUEUED = "SELECT 1 FROM delivery_campaign WHERE channel = 'webhook'"
SOME = {"areas": ["DDHT-XQ"], "people": ["owners"]}


def delivered(webhooks: Webhooks, receiver: Provider) -> list[Any]:
    """Deliver what is due and return the content of each message."""
    receiver.got.clear()
    campaigns.cut_campaigns(campaigns.USUAL, lambda name: name == webhooks.name)
    work(webhooks)
    return [got.json for got in receiver.got]


@pytest.mark.parametrize("whom", ["owners", "households", "residents", "matters"])
def test_what_is_for_some_is_told_to_no_system(
    receiver: Provider, webhooks: Webhooks, sign_in: Client, whom: str
) -> None:
    """Nor that it was withdrawn: a system that was not told of it has nothing to take back."""
    endpoint("DDHT-XQ", f"{receiver.url}/hook")
    notice = publish(sign_in, audience=audience(sign_in, whom))
    assert delivered(webhooks, receiver) == []
    take(sign_in(STAFF), notice, "withdrawal")
    assert delivered(webhooks, receiver) == []
    assert read(QUEUED) == [], "nothing waits for a channel that may not have it"


def audience(sign_in: Client, whom: str) -> dict[str, Any]:
    """Return an audience of some people in the area of the endpoint."""
    if whom == "owners":
        return SOME
    if whom == "matters":
        file(sign_in(RESIDENT), matter="RUBBISH")
        return {"areas": ["DDHT-XQ"], "people": [], "matters": ["RUBBISH"]}
    row = read(
        "SELECT h.id AS households, r.id AS residents FROM household h JOIN resident r"
        " ON r.household_sid = h.sid JOIN address d ON d.sid = h.address_sid JOIN area a"
        " ON a.code = d.grid_code WHERE 'DDHT-XQ' = ANY(a.path) LIMIT 1"
    )[0]
    return {whom: [str(getattr(row, whom))]}


def test_a_correction_for_some_is_told_as_a_withdrawal(
    receiver: Provider, webhooks: Webhooks, sign_in: Client
) -> None:
    """Or the system would go on showing what is for everybody no more."""
    secret = endpoint("DDHT-XQ", f"{receiver.url}/hook")
    notice = publish(sign_in)
    (first,) = delivered(webhooks, receiver)
    words = {**NEW, "title": "只对业主", "change_note": "只对业主", "audience": SOME}
    fixed = publish_draft(sign_in, done(take(sign_in(STAFF), notice, "correction", words)))
    (over,) = delivered(webhooks, receiver)
    assert believed(secret, receiver.got[0])["type"] == "notice.withdrawn"
    assert over["data"]["title"] == first["data"]["title"]
    words = {**NEW, "change_note": "又对所有人"}
    publish_draft(sign_in, done(take(sign_in(STAFF), fixed, "correction", words)))
    (again,) = delivered(webhooks, receiver)
    assert again["type"] == "notice.corrected"


def test_a_system_is_told_where_it_can_read_the_notice(
    receiver: Provider, webhooks: Webhooks, sign_in: Client, nobody: Caller
) -> None:
    """It is signed in nowhere."""
    endpoint("DDHT-XQ", f"{receiver.url}/hook")
    notice = publish(sign_in)
    words = {**NEW, "title": "停水通知(更正)", "change_note": "日期有误"}
    (first,) = delivered(webhooks, receiver)
    fixed = publish_draft(sign_in, done(take(sign_in(STAFF), notice, "correction", words)))
    (second,) = delivered(webhooks, receiver)
    take(sign_in(STAFF), fixed, "withdrawal")
    (over,) = delivered(webhooks, receiver)
    url = f"https://linli.example/n/{notice['root_id']}"
    assert [each["data"]["url"] for each in (first, second, over)] == [url] * 3
    assert nobody.get(url.removeprefix("https://linli.example")).status_code == 200
