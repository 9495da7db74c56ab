"""An enterprise hears by the phone that it gave, once a number, as residents do by theirs."""

from collections.abc import Iterator
from datetime import time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.privacy import vault
from app.sms.gateway import GatewayAway
from notices.audience.people import People
from notices.channels.preferences.quiet import QuietHours
from notices.channels.protocol import REFUSED, Span
from notices.channels.text import numbers
from notices.channels.text.numbers import page_of_numbers, those_numbers
from notices.delivery.messages import message_of
from notices.delivery.ranges import ranges
from notices.reach.freezing import FREEZING
from notices.reach.report import report
from tests.delivery.fakes import begin, published, reached, residents_of, time_passes, work
from tests.delivery.test_preferences import EVENING, MORNING, prefer
from tests.delivery.test_text import Gateway, Killed, channel, sent
from tests.notices_of import PATH, Client, draft
from tests.people import RESIDENT, STAFF, Person

ZONE = "DDHT"
ONLY = int(People.ENTERPRISES)
BOTH = int(People.ALL | People.ENTERPRISES)
FIRMS = """
SELECT e.sid, e.id, e.area_code, a.path, e.status = 'active' AS trades,
  m.contact_phone_sealed AS sealed
FROM enterprise e JOIN area a ON a.code = e.area_code JOIN src_enterprises m ON m.sid = e.sid
ORDER BY e.sid
"""
GIVE = "UPDATE src_enterprises SET contact_phone_sealed = %(sealed)s WHERE sid = %(sid)s"


def firms() -> list[Any]:
    return read(FIRMS)


def with_phone() -> list[Any]:
    return [firm for firm in firms() if firm.trades and firm.sealed is not None]


def phone_of(firm: Any) -> str:
    return vault.open("enterprise.contact_phone", firm.sid, bytes(firm.sealed))


def contact_of(firm: Any) -> Person:
    """Return who has the enterprise's phone, and may have an account by it."""
    return Person(phone_of(firm), verified=False)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def shared(app: Flask) -> Iterator[Any]:
    """Return an enterprise whose phone is the resident's own, for as long as the test runs."""
    firm, number = with_phone()[0], RESIDENT.facts["phone"]
    given = vault.seal("enterprise.contact_phone", firm.sid, number)
    with transaction():
        write(GIVE, {"sid": firm.sid, "sealed": given})
    yield firm
    with transaction():
        write(GIVE, {"sid": firm.sid, "sealed": firm.sealed})


def test_an_enterprise_of_the_place_hears_once_and_no_other(app: Flask, gateway: Gateway) -> None:
    for area in with_phone()[0].path:
        gateway.carried.clear()
        notice = published([area], people=ONLY)
        sent(notice, gateway)
        there = [firm for firm in with_phone() if area in firm.path]
        assert sorted(gateway.carried.values()) == sorted(map(phone_of, there))
        assert reached(notice) == 0, "it is none of the residents, and counted nowhere"
    assert set(gateway.sends.values()) == {1}
    rows = "".join(str(row) for row in read("SELECT * FROM text_ledger"))
    assert not [firm for firm in with_phone() if phone_of(firm) in rows]


def test_who_does_no_business_or_gave_no_phone_does_not_hear(app: Flask, gateway: Gateway) -> None:
    idle = [firm for firm in firms() if not firm.trades]
    assert all(firm.sealed is not None for firm in idle)
    assert [firm for firm in firms() if firm.trades and firm.sealed is None]
    ended = with_phone()[0].sid
    until = "UPDATE enterprise SET valid_to = {} WHERE sid = %(sid)s"
    with transaction():
        write(until.format("current_date - 1"), {"sid": ended})
    try:
        sent(published([ZONE], people=ONLY), gateway)
    finally:
        with transaction():
            write(until.format("NULL"), {"sid": ended})
    heard = [firm for firm in with_phone() if firm.sid != ended]
    assert sorted(gateway.carried.values()) == sorted(map(phone_of, heard))
    assert read("SELECT 1 FROM delivery_retry") == [], "no fault, and nothing to try again"


def test_a_notice_for_residents_reaches_no_enterprise(app: Flask, gateway: Gateway) -> None:
    place = with_phone()[0].path[-2]
    sent(published([place], people=int(People.ALL | People.WORKERS)), gateway)
    assert not set(map(phone_of, with_phone())) & set(gateway.carried.values())


@pytest.mark.parametrize("chunks", [1, 4])
def test_a_number_that_is_a_residents_too_hears_once(
    shared: Any, gateway: Gateway, chunks: int
) -> None:
    places = [RESIDENT.facts["grid"], shared.area_code]
    notice = published(places, people=BOTH)
    begin(notice, channel(gateway), chunks)
    work(channel(gateway))
    assert list(gateway.carried.values()).count(RESIDENT.facts["phone"]) == 1
    assert set(gateway.sends.values()) == {1}
    assert reached(notice) <= len(set().union(*map(residents_of, places)))
    while FREEZING.run():
        pass
    row = read("SELECT counted_at FROM notice WHERE id = %(id)s", {"id": notice})[0]
    for line in report(notice, row.counted_at, None, asks=False).areas:
        assert (line.cells.get("sms") or 0) <= (line.residents or 0)


def test_who_died_after_handing_over_asks_before_it_repeats(app: Flask, gateway: Gateway) -> None:
    gateway.trouble = [Killed()]
    begin(published([ZONE], people=ONLY), channel(gateway))
    with pytest.raises(Killed):
        work(channel(gateway))
    time_passes(minutes=2)
    work(channel(gateway))
    assert gateway.asked
    assert set(gateway.sends.values()) == {1}
    assert sorted(gateway.carried.values()) == sorted(map(phone_of, with_phone()))


@pytest.mark.parametrize("taken", [True, False])
def test_an_enterprise_whose_outcome_is_unknown_is_tried_again(
    app: Flask, gateway: Gateway, taken: bool
) -> None:
    gateway.trouble, gateway.takes_before_trouble = [GatewayAway()], taken
    sent(published([ZONE], people=ONLY), gateway)
    time_passes(seconds=20)
    work(channel(gateway))
    assert len(gateway.asked) == 1
    assert set(gateway.sends.values()) == {1}
    assert sorted(gateway.carried.values()) == sorted(map(phone_of, with_phone()))


@pytest.mark.parametrize(("few", "chunks"), [(True, 1), (True, 5), (False, 1), (False, 5)])
@pytest.mark.parametrize("limit", [1, 7, 200, 10_000])
def test_one_walk_is_in_the_order_of_residents_and_enterprises(
    app: Flask, few: bool, chunks: int, limit: int
) -> None:
    """With a page of one, either register ends the page of the other."""
    place = with_phone()[0].path[-2 if limit < 200 else 0]
    message = message_of(published([place], people=BOTH))
    assert message is not None
    there = {firm.id for firm in firms() if firm.trades and place in firm.path}
    found: list[UUID] = []
    for low, high in ranges(chunks):
        upto: UUID | None = low
        while upto is not None:
            after = upto
            people, upto = page_of_numbers(message, Span(after, high, limit, few))
            assert all(after < who.key <= (upto or high) for who in people)
            found += [who.key for who in people]
    assert found == sorted(found)
    assert len(found) == len(set(found))
    assert set(found) == residents_of(place) | there
    some = [*list(there)[:3], *list(residents_of(place))[:3]]
    assert {who.key for who in those_numbers(message, some)} == set(some)


def test_who_hears_for_an_enterprise_is_disturbed_as_they_wish(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    quiet, without = with_phone()[:2]
    with transaction():
        prefer(contact_of(quiet), quiet=QuietHours(time(22), time(7)))
        prefer(contact_of(without), refused=("sms/general",))
    usual, urgent = (message_of(published([ZONE], people=ONLY, emergency=e)) for e in (False, True))
    assert usual is not None
    assert urgent is not None
    both = [quiet.id, without.id]
    found = {who.key: who for who in those_numbers(usual, both)}
    assert found[quiet.id].wait_until == MORNING
    assert found[without.id].held == REFUSED
    assert [who.left_alone for who in those_numbers(urgent, both)] == [None, None]


def test_a_register_in_which_nobody_is_meant_is_not_asked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def page(reachable: Any, *_: Any) -> tuple[list[Any], None]:
        asked.append(reachable)
        return [], None

    monkeypatch.setattr(numbers, "page_of", page)
    low, high = ranges(1)[0]
    for people, registers in (
        (int(People.ALL), [numbers.OF_RESIDENTS]),
        (ONLY, [numbers.OF_ENTERPRISES]),
        (BOTH, [numbers.OF_RESIDENTS, numbers.OF_ENTERPRISES]),
        (int(People.WORKERS), []),
    ):
        asked.clear()
        message = message_of(published([ZONE], people=people))
        assert message is not None
        page_of_numbers(message, Span(low, high, 50))
        assert asked == registers


def test_staff_see_what_the_texts_to_enterprises_cost(sign_in: Client) -> None:
    place = with_phone()[0].path[1]

    def texts(*people: str) -> dict[str, Any]:
        audience = {"areas": [place], "people": list(people)}
        notice = draft(sign_in, audience=audience, priority="emergency")
        found = sign_in(STAFF).get(f"{PATH}/{notice['id']}/audience").json or {}
        return dict(found["texts"])

    trading = len([firm for firm in firms() if firm.trades and place in firm.path])
    alone, everybody = texts("enterprises"), texts("all", "enterprises")
    assert alone["parts_at_most"] == alone["parts_each"] * trading
    living = len(residents_of(place))
    assert everybody["parts_at_most"] == everybody["parts_each"] * (living + trading)
    assert texts("workers")["parts_at_most"] == 0, "they are told by other channels"
