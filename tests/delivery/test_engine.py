"""Chunks, checkpoints and fences: everybody is delivered to, and a death costs a page at most."""

import logging
import threading
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app import clock
from app.database import db, read, transaction
from notices.channels.protocol import DELIVERED, Outcome, Recipient, Verdict
from notices.delivery import campaigns, chunks
from notices.delivery.campaigns import EMERGENCY, USUAL
from tests.delivery.fakes import (
    FakeChannel,
    begin,
    in_an_hour,
    published,
    reached,
    residents_of,
    time_passes,
    withdraw,
    work,
)

TOWN = "DDHT-XQ-LT"
MANY = 8  # chunks


class Killed(BaseException):
    """A death that nothing in the worker can catch."""


def chunk_states() -> list[str]:
    return sorted(row.state for row in read("SELECT state FROM delivery_chunk"))


def retry_rows() -> list[tuple[str, int, bool]]:
    rows = read("SELECT reason, tries, due_at IS NULL AS dead FROM delivery_retry ORDER BY id")
    return [(row.reason, row.tries, row.dead) for row in rows]


def test_everybody_of_the_area_is_reached_once_and_nobody_else(app: Flask) -> None:
    channel, notice = FakeChannel(), published([TOWN])
    begin(notice, channel, MANY)
    work(channel)
    assert set(channel.sent) == residents_of(TOWN)
    assert set(channel.sent.values()) == {1}
    assert chunk_states() == ["done"] * 8
    assert reached(notice) == len(channel.sent)
    assert read("SELECT 1 FROM delivery_campaign WHERE finished_at IS NULL") == []


def test_publishing_is_one_row_a_channel(app: Flask) -> None:
    with transaction():
        chunks_before = read("SELECT count(*) AS n FROM delivery_chunk")[0].n
    notice = published()
    with transaction():
        for _ in range(2):  # a repeat begins nothing anew
            campaigns.begin(notice, ["fake", "other"], False)
    assert read("SELECT count(*) AS n FROM delivery_campaign")[0].n == 2
    assert read("SELECT count(*) AS n FROM delivery_chunk")[0].n == chunks_before
    campaigns.cut_campaigns(USUAL, lambda name: name == "fake")
    assert read("SELECT channel FROM delivery_chunk") == [("fake",)]
    assert read("SELECT 1 FROM delivery_campaign WHERE due_at IS NOT NULL") == []


def test_a_death_costs_at_most_one_page_and_loses_nobody(app: Flask) -> None:
    died: list[UUID] = []

    def die_at_times(who: Recipient) -> Outcome:
        if len(died) < 5 and channel.sent.total() % 40 == 39:
            died.append(who.key)
            channel.sent[who.key] += 1  # it went out, and nobody noted it
            raise Killed
        return DELIVERED

    channel, notice = FakeChannel(die_at_times), published()
    begin(notice, channel, MANY)
    while True:
        try:
            work(channel)
            break
        except Killed:
            time_passes(minutes=2)
    assert len(died) == 5
    assert set(channel.sent) == residents_of("DDHT")
    twice = sum(n - 1 for n in channel.sent.values())
    assert 0 < twice <= channel.page * len(died)
    assert reached(notice) == len(channel.sent), "counted once, however often it was sent"


def test_who_was_overtaken_stops_at_once_and_counts_nothing(app: Flask) -> None:
    other = FakeChannel()

    def overtaken(who: Recipient) -> Outcome:
        if not slow.sent:
            time_passes(minutes=2)
            somebody = threading.Thread(target=take_over)
            somebody.start()
            somebody.join()
        return DELIVERED

    def take_over() -> None:
        with app.app_context():
            work(other)
            db.session.remove()

    slow, notice = FakeChannel(overtaken), published([TOWN])
    begin(notice, slow)
    work(slow)
    everybody = residents_of(TOWN)
    assert set(other.sent) == everybody
    assert slow.sent.total() == slow.page, "its first checkpoint was refused"
    assert reached(notice) == len(everybody)


def test_a_withdrawal_stops_a_campaign_within_a_page(app: Flask) -> None:
    def withdraw_at_ten(_: Recipient) -> Outcome:
        if channel.sent.total() == 10:
            withdraw(notice)
        return DELIVERED

    channel, notice = FakeChannel(withdraw_at_ten), published()
    begin(notice, channel, MANY)
    work(channel)
    assert channel.sent.total() == 2 * channel.page
    assert set(chunk_states()) == {"stopped"}


def test_an_expired_notice_is_sent_to_nobody(app: Flask) -> None:
    channel, notice = FakeChannel(), published(expires_at=clock.now() - timedelta(seconds=1))
    begin(notice, channel)
    work(channel)
    assert not channel.sent


def test_one_failure_is_tried_again_and_then_counts(app: Flask) -> None:
    some = sorted(residents_of(TOWN))[3]

    def fail_once(who: Recipient) -> Outcome:
        first = who.key == some and not channel.sent[some]
        return Outcome(Verdict.AWAY, "server-error") if first else DELIVERED

    channel, notice = FakeChannel(fail_once), published([TOWN])
    begin(notice, channel)
    work(channel)
    assert retry_rows() == [("server-error", 1, False)]
    assert reached(notice) == len(residents_of(TOWN)) - 1
    time_passes(seconds=16)
    work(channel)
    assert (retry_rows(), channel.sent[some]) == ([], 2)
    assert reached(notice) == len(residents_of(TOWN))


def test_retry_after_is_honoured(app: Flask) -> None:
    some = sorted(residents_of(TOWN))[0]

    def busy(who: Recipient) -> Outcome:
        asked = Outcome(Verdict.LATER, "busy", after=timedelta(hours=3))
        return asked if who.key == some else DELIVERED

    channel, notice = FakeChannel(busy), published([TOWN])
    begin(notice, channel)
    work(channel)
    time_passes(hours=2, minutes=59)
    work(channel)
    assert channel.sent[some] == 1
    time_passes(minutes=1)
    work(channel)
    assert channel.sent[some] == 2


def test_after_eight_tries_it_is_left_to_staff(app: Flask) -> None:
    some = sorted(residents_of(TOWN))[0]
    channel = FakeChannel(
        lambda who: Outcome(Verdict.AWAY, "timeout") if who.key == some else DELIVERED
    )
    notice = published([TOWN])
    begin(notice, channel)
    for _ in range(12):
        work(channel)
        time_passes(hours=2)
    assert channel.sent[some] == 8
    assert retry_rows() == [("timeout", 8, True)]
    assert read("SELECT refusal FROM delivery_retry")[0].refusal == "too-many-tries"
    assert read("SELECT 1 FROM delivery_campaign WHERE finished_at IS NULL") == []


def test_no_try_is_made_past_the_expiry(app: Flask) -> None:
    some = sorted(residents_of(TOWN))[0]
    asks_too_long = Outcome(Verdict.LATER, "busy", after=timedelta(hours=2))
    channel = FakeChannel(lambda who: asks_too_long if who.key == some else DELIVERED)
    notice = published([TOWN], expires_at=in_an_hour())
    begin(notice, channel)
    work(channel)
    assert retry_rows() == [("busy", 1, True)]


def test_a_refusal_for_good_is_dead_at_once_and_a_gone_address_is_no_failure(app: Flask) -> None:
    first, second, *_ = sorted(residents_of(TOWN))
    bad = {first: Outcome(Verdict.REFUSED, "blocked"), second: Outcome(Verdict.GONE)}
    channel, notice = FakeChannel(lambda who: bad.get(who.key, DELIVERED)), published([TOWN])
    begin(notice, channel)
    work(channel)
    assert retry_rows() == [("blocked", 1, True)]
    assert reached(notice) == len(residents_of(TOWN)) - 2


def test_who_must_not_be_disturbed_now_is_put_off_not_dropped(app: Flask) -> None:
    some = sorted(residents_of(TOWN))[0]
    channel, notice = FakeChannel(), published([TOWN])
    channel.waits[some] = clock.now() + timedelta(hours=6)
    begin(notice, channel)
    work(channel)
    assert channel.sent[some] == 0
    assert retry_rows() == [("quiet-hours", 0, False)]
    channel.waits.clear()
    time_passes(hours=6, minutes=1)
    work(channel)
    assert (channel.sent[some], retry_rows()) == (1, [])


def test_a_withdrawn_notice_is_not_tried_again(app: Flask) -> None:
    some = sorted(residents_of(TOWN))[0]
    channel = FakeChannel(
        lambda who: Outcome(Verdict.AWAY, "timeout") if who.key == some else DELIVERED
    )
    notice = published([TOWN])
    begin(notice, channel)
    work(channel)
    withdraw(notice)
    time_passes(hours=1)
    work(channel)
    assert (channel.sent[some], retry_rows()) == (1, [])


def test_a_provider_that_is_away_holds_a_chunk_back_and_kills_nothing(app: Flask) -> None:
    away = [True]

    def answer(_: Recipient) -> Outcome:
        return Outcome(Verdict.AWAY, "timeout") if away else DELIVERED

    channel, notice = FakeChannel(answer), published([TOWN])
    begin(notice, channel)
    for _ in range(9):
        work(channel)
        time_passes(hours=2)
    assert channel.sent.total() == 9 * channel.page
    assert (chunk_states(), retry_rows()) == (["open"], [])
    away.clear()
    work(channel)
    assert chunk_states() == ["done"]
    assert reached(notice) == len(residents_of(TOWN))


@pytest.mark.parametrize("verdict", [Verdict.LATER, Verdict.AWAY])
def test_a_provider_that_has_everybody_wait_is_asked_for_nobody_before(
    app: Flask, verdict: Verdict
) -> None:
    """429 or 503 with Retry-After: it speaks of itself, and the others wait with the first."""
    busy = [True]

    def answer(_: Recipient) -> Outcome:
        return Outcome(verdict, "busy", after=timedelta(hours=3)) if busy else DELIVERED

    channel, notice = FakeChannel(answer), published([TOWN])
    begin(notice, channel)
    work(channel)
    time_passes(hours=2, minutes=59)
    work(channel)
    assert (channel.sent.total(), retry_rows()) == (channel.page, [])
    busy.clear()
    time_passes(minutes=1)
    work(channel)
    assert reached(notice) == len(residents_of(TOWN))


def test_who_is_asked_to_come_later_for_ever_holds_nobody_else_up(app: Flask) -> None:
    first = set(sorted(residents_of(TOWN))[: FakeChannel().page])
    channel = FakeChannel(
        lambda who: Outcome(Verdict.LATER, "busy") if who.key in first else DELIVERED
    )
    notice = published([TOWN])
    begin(notice, channel)
    for _ in range(9):
        work(channel)
        time_passes(hours=2)
    assert reached(notice) == len(residents_of(TOWN)) - len(first)
    assert len(retry_rows()) == len(first)


def test_a_chunk_that_kills_its_workers_is_set_aside_with_an_alarm(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fatal(_: Recipient) -> Outcome:
        raise Killed

    channel, notice = FakeChannel(fatal), published([TOWN])
    begin(notice, channel)
    caplog.set_level("ERROR", "linli.delivery")
    deaths = 0
    logging.getLogger("linli").addHandler(caplog.handler)
    for _ in range(10):
        try:
            work(channel)
        except Killed:
            deaths += 1
        time_passes(minutes=2)
    logging.getLogger("linli").removeHandler(caplog.handler)
    assert deaths == 5
    assert chunk_states() == ["dead"]
    assert "ALARM" in caplog.text


def test_a_fault_of_one_page_does_not_stop_other_chunks(app: Flask) -> None:
    broken = min(residents_of("DDHT"))

    def answer(who: Recipient) -> Outcome:
        if who.key == broken:
            raise ValueError("a fault of ours")
        return DELIVERED

    channel, notice = FakeChannel(answer), published()
    begin(notice, channel, MANY)
    for _ in range(10):
        work(channel)
        time_passes(minutes=10)
    assert chunk_states() == ["dead"] + ["done"] * 7


def test_an_emergency_does_not_stand_in_the_usual_line(app: Flask) -> None:
    channel = FakeChannel()
    usual, urgent = published(), published([TOWN])
    begin(usual, channel, MANY)
    begin(urgent, channel, MANY, emergency=True)
    while chunks.deliver_chunks(channel, EMERGENCY):
        pass
    assert {message.notice_id for message in channel.messages} == {urgent}
    assert set(channel.sent) == residents_of(TOWN)
