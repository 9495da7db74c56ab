"""Pages of people: asked for in blocks, sent in pages, and never dearer in a larger district."""

import re
import threading
import uuid
from uuid import UUID

import pytest
from flask import Flask

from app.database import db, read, transaction, write
from notices.audience.people import People
from notices.channels.people import Reachable, about, asking
from notices.channels.protocol import DELIVERED, Batch, Message, Outcome, Recipient, Span
from notices.delivery import chunks
from notices.delivery.campaigns import EMERGENCY, USUAL
from notices.delivery.messages import message_of
from notices.delivery.pages import PAGES_AHEAD, Pages
from notices.delivery.ranges import ALL_IDS, CHUNK_PEOPLE
from tests.delivery.fakes import RESIDENTS, FakeChannel, begin, published, residents_of, work
from tests.delivery.test_people import ACCOUNTS

NIL, TOP = UUID(int=0), UUID(int=ALL_IDS - 1)
MESSAGE: Message = None  # type: ignore[assignment]  # the fake does not look at it


class Asked(FakeChannel):
    """Has people with some addresses each, and notes what it was asked for."""

    def __init__(self, addresses: list[int], page: int) -> None:
        super().__init__(page=page)
        self.spans: list[Span] = []
        self._people = [
            Recipient(UUID(int=key), uuid.uuid4(), "")
            for key, many in enumerate(addresses, 1)
            for _ in range(many)
        ]

    def recipients(self, message: Message, span: Span) -> Batch:
        self.spans.append(span)
        keys = sorted({who.key for who in self._people if span.after < who.key <= span.high})
        edge = keys[span.limit - 1] if len(keys) >= span.limit else None
        some = [who for who in self._people if span.after < who.key <= (edge or span.high)]
        return Batch(some, edge)


def all_pages(channel: Asked, few: bool) -> list[tuple[list[Recipient], UUID]]:
    pages, found, last = Pages(channel, NIL, TOP, few), [], False
    while not last:
        batch, last = pages.take(MESSAGE)
        found.append((list(batch), pages.upto))
    return found


@pytest.mark.parametrize("few", [True, False])
def test_a_page_ends_with_the_last_address_of_somebody(few: bool) -> None:
    channel = Asked([1, 3, 1, 1, 5, 2, 1, 1, 1, 2], page=2)
    found = all_pages(channel, few)
    told = [who.address for batch, _ in found for who in batch]
    assert len(told) == len(set(told)) == 18
    for batch, upto in found:
        assert {who.key for who in batch}.isdisjoint(
            who.key for other, _ in found if other is not batch for who in other
        )
        assert all(who.key <= upto for who in batch)
    assert found[-1][1] == TOP


def test_the_registers_are_asked_for_some_pages_at_once_and_for_few_once() -> None:
    channel = Asked([1] * 8 * PAGES_AHEAD, page=4)
    pages = 2 * PAGES_AHEAD
    assert len(all_pages(channel, few=False)) == pages + 1, "all, and one that finds the end"
    assert [span.limit for span in channel.spans] == [4 * PAGES_AHEAD] * 3
    channel.spans.clear()
    assert len(all_pages(channel, few=True)) == pages
    assert [span.limit for span in channel.spans] == [CHUNK_PEOPLE]


def plan_of(reachable: Reachable, message: Message) -> str:
    who = asking(reachable, message, "{key} > %(after)s AND {key} <= %(high)s")
    values = about(message, reachable) | {"after": NIL, "high": UUID(int=ALL_IDS // 100)}
    with transaction():
        for name in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"):
            write(f"SET LOCAL {name} = 0")
        rows = write(f"EXPLAIN {reachable.shown.format(who=who)}", values)
    return "\n".join(str(row[0]) for row in rows)


@pytest.mark.parametrize("people", [People.ALL, People.ELDERS, People.OWNERS | People.WORKERS])
@pytest.mark.parametrize("reachable", [RESIDENTS, ACCOUNTS])
def test_a_page_looks_homes_up_by_their_keys_and_with_no_helper(
    app: Flask, reachable: Reachable, people: People
) -> None:
    """What reads all homes for a page costs by the size of the district; and two such workers,
    each with helpers of the server's own, are slower than one."""
    message = message_of(published(people=int(people)))
    assert message is not None
    plan = plan_of(reachable, message)
    for table in ("household h", "address ad"):
        assert f"Seq Scan on {table}" not in plan
    assert not re.search("Parallel .* on (household|address) ", plan)


# Of this database alone: other tests have theirs on the same server, and deeds under way in them.
IDLE = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND state LIKE 'idle in trans%%'
"""


def test_while_one_worker_waits_for_a_provider_another_delivers_all_the_rest(app: Flask) -> None:
    """Nothing is locked while something is sent: neither chunks nor counts wait for one another."""
    other, idle = FakeChannel(), []

    def slow(who: Recipient) -> Outcome:
        if not other.sent:
            idle.extend(read(IDLE))
            somebody = threading.Thread(target=deliver_the_rest)
            somebody.start()
            somebody.join()
        return DELIVERED

    def deliver_the_rest() -> None:
        with app.app_context():
            work(other)
            db.session.remove()

    channel = FakeChannel(slow)
    begin(published(), channel, 8)
    work(channel)
    mine = set(channel.sent)
    assert mine | set(other.sent) == residents_of("DDHT")
    assert mine.isdisjoint(other.sent)
    assert read("SELECT count(*) AS n FROM delivery_chunk WHERE state = 'done'")[0].n == 8
    assert len(mine) < len(other.sent)
    assert idle == []


def test_what_was_published_first_is_delivered_first_and_a_long_turn_gives_way(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = FakeChannel(page=1000)
    first, second = published(), published()
    begin(first, channel, 2)
    begin(second, channel, 2)
    monkeypatch.setattr(chunks, "TURN_SECONDS", 0.0)  # each turn ends after a page, however
    monkeypatch.setattr(chunks, "READ_IN_A_TURN", 0.0)  # long it took to read
    channel.page = 900  # a chunk has about 1,500
    while chunks.deliver_chunks(channel, USUAL):
        pass
    assert [message.notice_id for message in channel.messages] == [
        *(first, first, second, second),
        *(first, first, second, second),
    ]


def test_an_emergency_is_looked_for_before_the_usual(app: Flask) -> None:
    channel = FakeChannel(page=10_000)
    usual, urgent = published(), published()
    begin(usual, channel, 2)
    begin(urgent, channel, 2, emergency=True)
    assert chunks.deliver_chunks(channel, EMERGENCY) == 1
    assert chunks.deliver_chunks(channel, USUAL) == 1
    assert [message.notice_id for message in channel.messages] == [urgent, usual]
