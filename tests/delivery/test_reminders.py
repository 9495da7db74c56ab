"""What a rung of the ladder asks for is sent: once, to those who owe an answer, to nobody else."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.privacy import vault
from notices.channels.line import Line
from notices.channels.push.sender import WebPush
from notices.channels.text.sender import TextMessages
from notices.delivery import campaigns
from tests.api.notices.test_duties import GRID, climb, let_pass, owing
from tests.delivery.fakes import time_passes, work
from tests.delivery.provider import provider
from tests.delivery.test_preferences import prefer
from tests.delivery.test_push import VAPID, Browser
from tests.delivery.test_text import Gateway, Killed, channel
from tests.notices_of import Client, age_everybody, publish
from tests.people import NEIGHBOUR, RESIDENT, account_of, staff_with

PHONES = """
SELECT r.id, m.sid, m.phone_sealed FROM resident r JOIN src_residents m ON m.sid = r.sid
WHERE r.id = ANY(%(ids)s) AND m.phone_sealed IS NOT NULL
"""


def duty(sign_in: Client, area: str = GRID, **changes: Any) -> dict[str, Any]:
    age_everybody()
    by = (clock.now() + timedelta(hours=72)).isoformat()
    return publish(sign_in, needs_ack=True, ack_by=by, audience={"areas": [area]}, **changes)


def phones_of(residents: set[Any]) -> set[str]:
    rows = read(PHONES, {"ids": list(residents)})
    return {vault.open("resident.phone", row.sid, bytes(row.phone_sealed)) for row in rows}


def me() -> Any:
    about = {"id": account_of(RESIDENT)}
    return read("SELECT resident_id AS id FROM account WHERE id = %(id)s", about)[0].id


def test_a_text_goes_to_each_who_has_not_answered_and_is_counted(
    app: Flask, sign_in: Client
) -> None:
    gateway, notice = Gateway(), duty(sign_in)
    assert sign_in(RESIDENT).post(f"/api/v1/inbox/{notice['id']}/acknowledgement").status_code < 300
    climb()
    work(channel(gateway))
    assert not gateway.carried, "no rung is reached yet"
    let_pass(notice)
    climb()
    work(channel(gateway))
    late = phones_of(owing() - {me()})
    assert set(gateway.carried.values()) == late
    assert not late & phones_of({me()})
    assert set(gateway.sends.values()) == {1}
    assert read("SELECT 1 FROM delivery_retry WHERE channel = 'sms' AND parked_at IS NULL") == []
    counted = read("SELECT sum(residents) AS n FROM notice_reach WHERE channel = 'sms'")[0].n
    assert counted == len(late)


def test_the_first_rung_reaches_the_browsers_of_those_who_owe_and_no_others(
    app: Flask, sign_in: Client
) -> None:
    """Whoever has answered, or is not of the audience, is not asked again."""
    elsewhere = staff_with("district_staff")
    with provider() as service:
        owes, answered, outside = (
            Browser(person, f"{service.url}/{at}")
            for at, person in enumerate((RESIDENT, NEIGHBOUR, elsewhere))
        )
        notice = duty(sign_in, "DDHT")
        path = f"/api/v1/inbox/{notice['id']}/acknowledgement"
        assert sign_in(NEIGHBOUR).post(path).status_code < 300
        climb()
        push = WebPush(VAPID, Line(lambda _: True, plain=True, read_seconds=2.0))
        work(push)
        service.got.clear()  # what was pushed when it was published
        let_pass(notice)
        climb()
        work(push)
        (got,) = service.got
        assert owes.opened(got.body)["id"] == notice["root_id"]
    assert {answered.id, outside.id} <= {row.id for row in read("SELECT id FROM push_subscription")}


def test_who_answers_between_the_rung_and_the_sending_is_left_in_peace(
    app: Flask, sign_in: Client
) -> None:
    gateway, notice = Gateway(), duty(sign_in)
    climb()
    let_pass(notice)
    climb()
    assert sign_in(RESIDENT).post(f"/api/v1/inbox/{notice['id']}/acknowledgement").status_code < 300
    work(channel(gateway))
    assert gateway.carried
    assert not set(gateway.carried.values()) & phones_of({me()})


def test_a_reminder_is_sent_to_whom_refuses_such_notices_by_text(
    app: Flask, sign_in: Client
) -> None:
    with transaction():
        prefer(RESIDENT, ("sms/general",))
    gateway, notice = Gateway(), duty(sign_in)
    climb()
    let_pass(notice)
    climb()
    work(channel(gateway), campaigns.USUAL)
    assert phones_of({me()}) <= set(gateway.carried.values())


def test_nothing_is_sent_of_what_was_withdrawn_after_the_rung(app: Flask, sign_in: Client) -> None:
    gateway, notice = Gateway(), duty(sign_in)
    climb()
    let_pass(notice)
    climb()
    with transaction():
        write("UPDATE notice SET state = 'withdrawn' WHERE id = %(id)s", {"id": notice["id"]})
    work(channel(gateway))
    assert not gateway.carried


def urgent(sign_in: Client, texts: TextMessages) -> dict[str, Any]:
    """Return an emergency that must be acknowledged and has been sent by text."""
    notice = duty(sign_in, priority="emergency")
    campaigns.cut_campaigns(campaigns.EMERGENCY, lambda name: name == texts.name)
    work(texts, campaigns.EMERGENCY)
    climb()
    return notice


def test_an_emergency_is_sent_once_and_asked_for_once_more(app: Flask, sign_in: Client) -> None:
    """The first text and the reminder are two messages: each goes to each number once."""
    gateway = Gateway()
    texts = channel(gateway)
    notice = urgent(sign_in, texts)
    told = Counter(gateway.carried.values())
    counted = reached_by("sms")
    assert set(told.values()) == {1}
    assert phones_of(owing()) <= set(told)
    assert sign_in(RESIDENT).post(f"/api/v1/inbox/{notice['id']}/acknowledgement").status_code < 300
    for _ in range(3):
        let_pass(notice)
        climb()
        work(texts, campaigns.EMERGENCY)
    late = phones_of(owing() - {me()})
    assert late
    assert Counter(gateway.carried.values()) == told + Counter(late)
    assert reached_by("sms") == counted, "who was reached is not counted again"


def test_a_reminder_whose_worker_died_is_asked_for_before_it_is_repeated(
    app: Flask, sign_in: Client
) -> None:
    gateway = Gateway()
    texts = channel(gateway)
    notice = urgent(sign_in, texts)
    first = len(gateway.carried)
    let_pass(notice)
    climb()
    gateway.trouble = [Killed()]
    with pytest.raises(Killed):
        work(texts, campaigns.EMERGENCY)
    time_passes(minutes=2)
    work(texts, campaigns.EMERGENCY)
    assert gateway.asked
    assert set(gateway.sends.values()) == {1}
    assert len(gateway.carried) == first + len(phones_of(owing()))


def test_who_has_a_browser_only_since_is_counted_when_a_reminder_reaches_them(
    app: Flask, sign_in: Client
) -> None:
    """And whoever was reached before is not, though their browser is a new one."""
    with provider() as service:
        Browser(RESIDENT, f"{service.url}/old")
        notice = duty(sign_in, "DDHT")
        push = WebPush(VAPID, Line(lambda _: True, plain=True, read_seconds=2.0))
        campaigns.cut_campaigns(campaigns.USUAL, lambda name: name == push.name)
        work(push)
        assert reached_by("push") == 1
        Browser(RESIDENT, f"{service.url}/new", since=clock.now() - timedelta(hours=1))
        Browser(NEIGHBOUR, f"{service.url}/first")
        climb()
        let_pass(notice)
        climb()
        work(push)
        assert {got.path for got in service.got} == {"/old", "/new", "/first"}
        assert reached_by("push") == 2


def reached_by(channel: str) -> int:
    sql = "SELECT coalesce(sum(residents), 0)::int AS n FROM notice_reach WHERE channel = %(by)s"
    return int(read(sql, {"by": channel})[0].n)
