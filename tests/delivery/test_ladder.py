"""The whole ladder of one duty: a push, a text message, a knock at the door, each at its hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from notices.acknowledgement.climbing import CLIMBING, PLANNING
from notices.channels.choice import NAMES
from notices.channels.line import Line
from notices.channels.protocol import Channels
from notices.channels.push.sender import WebPush
from notices.channels.text.sender import TextMessages
from notices.delivery.sweeps import delivery_sweeps
from tests.api.notices.test_duties import GRID, owing
from tests.delivery.provider import Provider, provider
from tests.delivery.test_push import VAPID, Browser
from tests.delivery.test_reminders import phones_of
from tests.notices_of import PATH, Client, age_everybody, publish
from tests.people import RESIDENT, STAFF, WORKER, Person, account_of
from tests.sms.carrier import Carrier, carrying

NEXT_DOOR = Person("19999990002", verified=False)
MATCH = "UPDATE account SET resident_id = %(who)s, level = 2 WHERE id = %(id)s"


@dataclass
class World:
    """A push service, a carrier of text messages, and a worker that knows both."""

    pushes: Provider
    texts: Carrier
    channels: Channels
    patch: pytest.MonkeyPatch

    def at(self, moment: datetime) -> tuple[int, int]:
        """Let it be a moment and the worker do all that is due; return what went out since."""
        before = len(self.pushes.got), len(self.texts.carried)
        with self.patch.context() as patch:  # those who call have tokens of today
            patch.setattr(clock, "now", lambda: moment)
            PLANNING.run()
            while CLIMBING.run():
                pass
            for sweep in delivery_sweeps(NAMES, lambda: self.channels):
                while sweep.run():
                    pass
        return len(self.pushes.got) - before[0], len(self.texts.carried) - before[1]


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with provider() as pushes, carrying() as (texts, _, gateway):
        push = WebPush(VAPID, Line(lambda _: True, plain=True, read_seconds=2.0))
        sms = TextMessages(lambda: gateway, "https://linli.example")
        yield World(pushes, texts, Channels((push, sms)), monkeypatch)


def next_door() -> Any:
    """Return a resident of the grid other than RESIDENT, who has an account from now on."""
    who = read(
        "SELECT r.id FROM resident r WHERE r.id = ANY(%(ids)s) AND r.sid <> 'R00000001'"
        " AND NOT EXISTS (SELECT FROM account a WHERE a.resident_id = r.id) ORDER BY r.sid LIMIT 1",
        {"ids": list(owing())},
    )[0].id
    with transaction():
        write(MATCH, {"who": who, "id": account_of(NEXT_DOOR)})
    return who


def test_who_does_not_answer_is_pushed_to_then_sent_a_text_then_visited(
    world: World, sign_in: Client
) -> None:
    age_everybody()
    answers = next_door()
    browsers = [
        Browser(person, f"{world.pushes.url}/{at}")
        for at, person in enumerate((RESIDENT, NEXT_DOOR))
    ]
    start = clock.now()
    by = start + timedelta(hours=72)
    notice = publish(sign_in, needs_ack=True, ack_by=by.isoformat(), audience={"areas": [GRID]})
    acknowledge = f"/api/v1/inbox/{notice['id']}/acknowledgement"

    assert world.at(start) == (2, 0), "everybody is told once"
    due = f"请于{by.astimezone(clock.SHANGHAI):%H:%M}前确认"
    assert due[-8:] in browsers[0].opened(world.pushes.at("/0")[0].body)["body"]
    assert world.at(by - timedelta(hours=24, minutes=1)) == (0, 0), "not a minute early"
    assert world.at(by - timedelta(hours=24)) == (2, 0), "first a push, and no text yet"

    assert sign_in(NEXT_DOOR).post(acknowledge).status_code == 204
    assert world.at(by - timedelta(hours=4, minutes=1)) == (0, 0)
    late = owing() - {answers}
    pushed, texted = world.at(by - timedelta(hours=4))
    assert (pushed, texted) == (0, len(phones_of(late)))
    assert {phone for _, phone, _ in world.texts.carried} == phones_of(late)
    assert all("前确认" in text for _, _, text in world.texts.carried)
    assert (sign_in(WORKER).get("/api/v1/visits").json or {})["items"] == []

    assert world.at(by - timedelta(minutes=1)) == (0, 0)
    assert world.at(by) == (0, 0), "nothing more is sent: now somebody knocks"
    worker = sign_in(WORKER)
    doors = (worker.get("/api/v1/visits?limit=100").json or {})["items"]
    who = "SELECT resident_id AS id FROM notice_visit WHERE id = ANY(%(ids)s)"
    assert {row.id for row in read(who, {"ids": [door["id"] for door in doors]})} == late

    assert sign_in(RESIDENT).post(acknowledge).status_code == 204
    left = (worker.get("/api/v1/visits?limit=100").json or {})["items"]
    assert len(left) == len(doors) - 1
    told = worker.post(f"/api/v1/visits/{left[0]['id']}/outcome", {"outcome": "told"})
    assert told.status_code == 204
    counted = read("SELECT channel, sum(residents)::int AS n FROM notice_reach GROUP BY 1")
    assert {row.channel: row.n for row in counted} == {
        "push": 2,
        "sms": len([who for who in late if phones_of({who})]),
        "ack": 2,
        "read": 2,
        "visit": 1,
    }
    dead = sign_in(STAFF).get(f"{PATH}/{notice['id']}/undelivered").json or {}
    assert dead["items"] == []
