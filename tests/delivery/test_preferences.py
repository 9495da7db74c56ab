"""Who does not want it by a channel is not sent it; in quiet hours one waits; the inbox has all."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.clock import SHANGHAI
from app.database import apart, read, statements_so_far, transaction, write
from notices.channels import people, registers
from notices.channels.line import Line
from notices.channels.preferences.asking import OF_ACCOUNT
from notices.channels.preferences.quiet import QuietHours
from notices.channels.protocol import Channel, Message, Span
from notices.channels.push.sender import WebPush
from notices.channels.wechat.sender import WeChat
from notices.channels.wechat.tokens import Tokens
from notices.delivery.messages import message_of
from notices.delivery.ranges import ranges
from notices.reach.freezing import FREEZING
from notices.reach.report import report
from tests.delivery.fakes import (
    RESIDENTS,
    FakeChannel,
    begin,
    published,
    reached,
    residents_of,
    work,
)
from tests.delivery.provider import Provider, provider
from tests.delivery.test_push import VAPID, Browser
from tests.delivery.test_wechat import SEND, TOKEN, link, said, token
from tests.notices_of import publish, slug, titles
from tests.people import NEIGHBOUR, RESIDENT, Caller, Person, account_of

Client = Callable[[Person], Caller]
PATH = "/api/v1/me/notice-preferences"
PUSHED = "/push"
NIGHT = {"start": "22:00", "end": "07:00"}
EVENING = (datetime.now(SHANGHAI) + timedelta(days=1)).replace(
    hour=23, minute=30, second=0, microsecond=0
)
"""Tomorrow's: whoever waits till morning is not due by the clock of the database."""
MORNING = EVENING + timedelta(hours=7, minutes=30)
TOWN = "DDHT-XQ-LT"


def say(caller: Caller, seen: int = 1, **said: Any) -> Any:
    body = {"refused": [], "quiet": None} | said
    return caller.put(PATH, json=body, headers={"If-Match": f'"v{seen}"'})


def resident_of(person: Person) -> UUID:
    row = read("SELECT resident_id FROM account WHERE id = %(id)s", {"id": account_of(person)})[0]
    return UUID(str(row.resident_id))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Return the way to move the clock of the deed."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


class Asking(FakeChannel):
    """A channel to residents that asks what they want."""

    def _who(self, row: Any) -> Any:
        who = super()._who(row)
        return who._replace(wait_until=row.wait_until, held=row.held)


def test_one_says_what_one_wants_and_is_shown_it(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    before = resident.get(PATH)
    assert before.headers["ETag"] == '"v1"'
    assert before.json == {
        "refused": [{"channel": "sms", "kind": "activity"}],
        "quiet": None,
        "quiet_ends": None,
    }
    wanted = [{"channel": "push", "kind": "policy"}] * 2
    said = say(resident, refused=wanted, quiet=NIGHT)
    assert (said.status_code, said.headers["ETag"]) == (200, '"v2"')
    assert said.json["refused"] == wanted[:1]
    assert said.json["quiet"] == NIGHT
    assert resident.get(PATH).json == said.json
    assert sign_in(NEIGHBOUR).get(PATH).json == before.json, "nobody else's"


def test_two_who_change_at_once_do_not_undo_each_other(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    assert slug(say(resident, seen=2)) == "stale-version"
    assert resident.put(PATH, json={"refused": [], "quiet": None}).status_code == 428
    assert say(resident).status_code == 200
    assert slug(say(resident)) == "stale-version"
    assert say(resident, seen=2).headers["ETag"] == '"v3"'


@pytest.mark.parametrize(
    "said",
    [
        {"quiet": {"start": "22:00", "end": "22:00"}},
        {"quiet": {"start": "24:00", "end": "07:00"}},
        {"quiet": {"start": "22:00"}},
        {"refused": [{"channel": "webhook", "kind": "policy"}]},
        {"refused": [{"channel": "push", "kind": "weather"}]},
        {"refused": None},
    ],
)
def test_what_is_no_preference_is_refused(sign_in: Client, said: dict[str, Any]) -> None:
    answer = say(sign_in(RESIDENT), **said)
    assert (answer.status_code, slug(answer)) == (422, "invalid")


def test_the_end_of_the_quiet_that_reigns_is_shown(sign_in: Client) -> None:
    resident, here = sign_in(RESIDENT), clock.now().astimezone(SHANGHAI)
    end = (here + timedelta(hours=2)).replace(second=0, microsecond=0)
    hours = {"start": f"{here - timedelta(hours=1):%H:%M}", "end": f"{end:%H:%M}"}
    assert datetime.fromisoformat(say(resident, quiet=hours).json["quiet_ends"]) == end
    past = {"start": hours["end"], "end": hours["start"]}
    assert say(resident, seen=2, quiet=past).json["quiet_ends"] is None


def prefer(person: Person, refused: tuple[str, ...] = (), quiet: QuietHours | None = None) -> None:
    """Have somebody said so, by their row."""
    write(
        "INSERT INTO notice_preference VALUES (%(id)s, 2, %(refused)s, %(start)s, %(end)s, now())"
        " ON CONFLICT (account_id) DO UPDATE SET refused = excluded.refused,"
        " quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until",
        {
            "id": account_of(person),
            "refused": list(refused),
            "start": quiet and quiet.start,
            "end": quiet and quiet.end,
        },
    )


def deliver(channel: FakeChannel, chunks: int = 1, **about: Any) -> UUID:
    notice = published([TOWN], **about)
    begin(notice, channel, chunks, emergency=bool(about.get("emergency")))
    work(channel)
    return notice


@pytest.mark.parametrize("chunks", [1, 3])
def test_what_is_refused_is_not_sent_and_is_counted_as_such(app: Flask, chunks: int) -> None:
    me = resident_of(RESIDENT)
    with transaction():
        prefer(RESIDENT, ("fake/general", "other/activity"))
    channel = Asking()
    notice = deliver(channel, chunks)
    assert residents_of(TOWN) - set(channel.sent) == {me}
    assert counts(notice) == {"fake": len(channel.sent), "fake/refused": 1}
    with transaction():
        prefer(RESIDENT, ("fake/policy", "push/general"))
    other = Asking()
    deliver(other, chunks)
    assert me in other.sent, "another kind, and another channel"


def counts(notice: UUID) -> dict[str, int]:
    rows = read(
        "SELECT channel, sum(residents)::int AS n FROM notice_reach WHERE notice_id = %(id)s"
        " GROUP BY 1",
        {"id": notice},
    )
    return {row.channel: row.n for row in rows}


def test_an_emergency_asks_nobody_and_a_drill_of_one_does(app: Flask) -> None:
    me, always = resident_of(RESIDENT), QuietHours(time(0), time(23, 59, 59))
    with transaction():
        prefer(RESIDENT, ("fake/general",), always)
    channel = Asking()
    notice = published([TOWN], emergency=True)
    begin(notice, channel, emergency=True)
    work(channel, "emergency")
    assert me in channel.sent
    drill = Asking()
    notice = published([TOWN], emergency=True, drill=True)
    begin(notice, drill, emergency=True)
    work(drill, "emergency")
    assert me not in drill.sent
    assert counts(notice)["fake/refused"] == 1


@pytest.fixture
def world(app: Flask) -> Iterator[Provider]:
    """Stand for the push service and for WeChat, with an address of the resident at each."""
    with provider() as found:
        found.answers = {SEND: [said(0)], TOKEN: [token("first")]}
        Browser(RESIDENT, f"{found.url}{PUSHED}")
        link(RESIDENT)
        yield found


def line() -> Line:
    return Line(lambda _: True, plain=True, read_seconds=2.0)


def pushing(world: Provider) -> Channel:
    return WebPush(VAPID, line())


def by_wechat(world: Provider) -> Channel:
    tokens = Tokens(line(), world.url, "wx1", "secret")
    return WeChat(line(), tokens, world.url, "template-1", "https://linli.example")


SENDERS = pytest.mark.parametrize(("sender", "where"), [(pushing, PUSHED), (by_wechat, SEND)])
Sender = Callable[[Provider], Channel]


def sent(channel: Channel, *, emergency: bool = False) -> dict[str, int]:
    """Send a notice to the town by a channel; return what is counted of it."""
    notice = published([TOWN], emergency=emergency)
    begin(notice, channel, emergency=emergency)
    work(channel, "emergency" if emergency else "delivery")
    return counts(notice)


@SENDERS
def test_every_sender_leaves_alone_who_refuses_a_kind_but_in_an_emergency(
    world: Provider, sender: Sender, where: str
) -> None:
    channel = sender(world)
    with transaction():
        prefer(RESIDENT, (f"{channel.name}/general",))
    assert sent(channel) == {f"{channel.name}/refused": 1}
    assert world.at(where) == []
    assert sent(channel, emergency=True) == {channel.name: 1}
    with transaction():
        prefer(RESIDENT, (f"{channel.name}/policy",))
    assert sent(channel) == {channel.name: 1}, "another kind"
    assert len(world.at(where)) == 2


@SENDERS
def test_every_sender_waits_till_the_quiet_ends_but_in_an_emergency(
    world: Provider, at: Callable[[datetime], None], sender: Sender, where: str
) -> None:
    channel = sender(world)
    with transaction():
        prefer(RESIDENT, quiet=QuietHours(time(22), time(7)))
    at(EVENING)
    assert sent(channel) == {}
    (row,) = read("SELECT reason, due_at FROM delivery_retry")
    assert (row.reason, row.due_at) == ("quiet-hours", MORNING)
    assert sent(channel, emergency=True) == {channel.name: 1}
    assert len(world.at(where)) == 1
    for moment, came in ((EVENING + timedelta(hours=7), 1), (MORNING, 2)):
        with transaction():
            write("UPDATE delivery_retry SET due_at = now()")
        at(moment)
        work(channel)
        assert len(world.at(where)) == came, "at 6:30 it is still quiet"
    assert read("SELECT 1 FROM delivery_retry") == []


def test_at_quiet_hours_one_waits_until_they_end(
    app: Flask, at: Callable[[datetime], None]
) -> None:
    me = resident_of(RESIDENT)
    with transaction():
        prefer(RESIDENT, quiet=QuietHours(time(22), time(7)))
    channel = Asking()
    at(EVENING)
    notice = deliver(channel)
    assert channel.sent[me] == 0
    row = read("SELECT reason, due_at, tries FROM delivery_retry")[0]
    assert (row.reason, row.tries) == ("quiet-hours", 0)
    assert row.due_at == MORNING
    with transaction():
        write("UPDATE delivery_retry SET due_at = now()")
    at(EVENING + timedelta(hours=7))
    work(channel)
    assert channel.sent[me] == 0, "6:30: still quiet"
    with transaction():
        write("UPDATE delivery_retry SET due_at = now()")
    at(MORNING)
    work(channel)
    assert channel.sent[me] == 1
    assert reached(notice) == len(residents_of(TOWN))
    assert read("SELECT 1 FROM delivery_retry") == []


def test_who_changes_their_mind_while_they_wait_is_heard(
    app: Flask, at: Callable[[datetime], None]
) -> None:
    me = resident_of(RESIDENT)
    with transaction():
        prefer(RESIDENT, quiet=QuietHours(time(22), time(7)))
    channel = Asking()
    at(EVENING)
    notice = deliver(channel)
    with transaction():
        prefer(RESIDENT, ("fake/general",))
        write("UPDATE delivery_retry SET due_at = now()")
    work(channel)
    assert channel.sent[me] == 0
    assert counts(notice)["fake/refused"] == 1
    assert read("SELECT 1 FROM delivery_retry") == []


def test_what_is_over_before_the_quiet_ends_is_told_as_not_pushed(
    app: Flask, at: Callable[[datetime], None]
) -> None:
    me = resident_of(RESIDENT)
    channel, now = Asking(), clock.now()
    at(now)
    soon = now + timedelta(hours=1)
    local = now.astimezone(SHANGHAI)
    start, end = local - timedelta(minutes=1), local + timedelta(hours=2)
    with transaction():
        prefer(RESIDENT, quiet=QuietHours(start.time(), end.time()))
    notice = deliver(channel, expires_at=soon)
    assert channel.sent[me] == 0
    assert counts(notice) == {"fake": len(channel.sent), "fake/quiet-hours": 1}
    assert read("SELECT 1 FROM delivery_retry") == []


def test_the_report_says_how_many_were_left_alone_and_hides_few(app: Flask) -> None:
    notice = published(["DDHT"])
    rows = read(
        "SELECT r.id FROM resident r JOIN household h ON h.sid = r.household_sid"
        " JOIN address ad ON ad.sid = h.address_sid JOIN area a ON a.code = ad.grid_code"
        " WHERE 'DDHT-XQ-LT' = ANY(a.path) ORDER BY r.id LIMIT 9"
    )
    refusing = [row.id for row in rows]
    with transaction():
        for at_, who in enumerate(refusing):
            write(
                "WITH a AS (INSERT INTO account (phone_index, resident_id, level) VALUES"
                " (%(index)s, %(who)s, 2) ON CONFLICT DO NOTHING RETURNING id)"
                " INSERT INTO notice_preference SELECT id, 2, '{fake/general}', NULL, NULL, now()"
                " FROM a",
                {"index": bytes([at_]) * 32, "who": who},
            )
    channel = Asking(page=500)
    begin(notice, channel)
    work(channel)
    while FREEZING.run():
        pass
    zone = report(notice, clock.now(), None, asks=False).areas[0]
    assert zone.not_sent == {"fake": {"refused": 9}}
    assert set(zone.reached) == {"read", "ack", "fake"}
    with transaction():
        write("UPDATE notice_reach SET residents = 0 WHERE channel = 'fake/refused'")
    assert report(notice, clock.now(), None, asks=False).areas[0].not_sent == {
        "fake": {"refused": None}
    }


def test_a_duty_is_told_of_whatever_one_prefers_but_not_at_night(
    app: Flask, at: Callable[[datetime], None]
) -> None:
    me = resident_of(RESIDENT)
    with transaction():
        prefer(RESIDENT, ("fake/general",))
    channel, key = Asking(), published([TOWN])
    with transaction():
        write(
            "UPDATE notice SET needs_ack = true, ack_by = %(by)s WHERE id = %(id)s",
            {"id": key, "by": EVENING + timedelta(days=3)},
        )
    begin(key, channel)
    at(EVENING)
    work(channel)
    assert channel.sent[me] == 1, "refused, and told all the same: the next step is a visit"
    quiet = QuietHours(time(22), time(7))
    assert asked(key, quiet, EVENING) == (MORNING, None)
    with transaction():
        write(
            "UPDATE notice SET ack_by = %(by)s WHERE id = %(id)s",
            {"id": key, "by": EVENING + timedelta(hours=2)},
        )
    assert asked(key, quiet, EVENING) == (None, None), "later would be too late"


def asked(key: UUID, quiet: QuietHours, now: datetime) -> tuple[Any, Any]:
    with transaction():
        prefer(RESIDENT, quiet=quiet)
    message = message_of(key)
    assert message is not None
    row = people.those_of(
        RESIDENTS, message, "SELECT unnest(%(ids)s::uuid[])", [resident_of(RESIDENT)]
    )[0]
    return row.wait_until, row.held


def test_a_preference_hides_nothing_in_the_inbox(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    every = [{"channel": c, "kind": "general"} for c in ("push", "wechat", "sms")]
    assert say(resident, refused=every, quiet=NIGHT).status_code == 200
    publish(sign_in)
    assert titles(resident) == ["停水通知"]


MINUTE = st.integers(0, 1439).map(lambda n: time(n // 60, n % 60))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    start=MINUTE,
    end=MINUTE,
    minutes=st.integers(0, 4 * 365 * 1440),
)
def test_the_rule_for_many_is_the_rule_for_one(
    app: Flask, start: time, end: time, minutes: int
) -> None:
    now = EVENING + timedelta(minutes=minutes, seconds=7)
    if start == end:
        return
    sql = f"""
    WITH notice_preference AS (SELECT %(id)s::uuid AS account_id, '{{}}'::text[] AS refused,
      %(start)s::time AS quiet_from, %(end)s::time AS quiet_until)
    SELECT np.quiet_ends FROM (SELECT %(id)s::uuid AS id) ac {OF_ACCOUNT}
    """
    about = {"id": UUID(int=1), "start": start, "end": end}
    row = apart(sql, about | {"clock": now.time(), "day": now.date()})[0]
    assert row.quiet_ends == QuietHours(start, end).ends(now)


def test_preferences_cost_no_statement_more_and_an_emergency_none(app: Flask) -> None:
    key = published(["DDHT"])
    message = message_of(key)
    assert message is not None
    for (low, high), few in ((ranges(1)[0], True), (ranges(4)[0], False)):
        before = statements_so_far()
        found, _ = people.page_of(RESIDENTS, message, Span(low, high, 200, few))
        assert found
        assert statements_so_far() - before == (1 if few else 2)
    urgent = message_of(published(["DDHT"], emergency=True))
    assert urgent is not None
    assert "notice_preference" not in _sql_of(urgent)
    assert "notice_preference" in _sql_of(message)


def _sql_of(message: Message) -> str:
    return registers.plainer(registers.BY_ACCOUNT, message) + registers.plainer(
        registers.FEW_RESIDENTS, message
    )
