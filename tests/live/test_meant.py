"""Whom a change is told to is whom the inbox shows it to: two rules, held to one another."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from app.identity.actors import standing
from app.policy import Actor
from notices.audience.people import People
from notices.audience.reading import MEANT, READER, keys_of, reader
from notices.live.changes import Change, holding
from notices.live.door import MOST_UNREAD, Asked, Door
from notices.live.pages import Page, Pages
from tests.live.test_streams import MANY
from tests.notices_of import age_everybody
from tests.people import NEIGHBOUR, RESIDENT, SECOND_WORKER, STAFF, WORKER, Caller, Person
from tests.requests_of import file

KEYS = f"WITH {READER} SELECT place, bit_or(people) AS people FROM keys GROUP BY place"
SHOWN = f"""
WITH {READER}, t AS (SELECT unnest(%(at)s::text[]) AS place, %(people)s AS people,
                       %(matters)s::text[] AS matters)
SELECT EXISTS (SELECT FROM t JOIN keys k ON k.place = t.place WHERE {MEANT}) AS shown
"""
KINDS = (
    People.ALL,
    People.OWNERS,
    People.TENANTS,
    People.ELDERS,
    People.GUARDIANS_OF_CHILDREN,
    People.WORKERS,
    People.HOLDERS,
    People.HOLDERS | People.WORKERS,
)


@pytest.fixture
def actors(app: Flask, sign_in: Callable[[Person], Caller]) -> list[Actor]:
    """Two hundred who live in a town, the cast, and those who work somewhere."""
    age_everybody()
    file(sign_in(RESIDENT))
    for person in (NEIGHBOUR, WORKER, SECOND_WORKER, STAFF):
        sign_in(person)
    with transaction():
        write(MANY, {"now": clock.now()})
    return standing([row.id for row in read("SELECT id FROM sign_in_session")])


def test_many_are_met_where_each_is(actors: list[Actor]) -> None:
    found = keys_of(actors)
    assert len(actors) == 205
    for actor in actors:
        one = {row.place: row.people for row in read(KEYS, reader(actor))}
        assert found[actor.account_id] == one


def test_pages_are_told_of_what_the_inbox_shows(actors: list[Actor]) -> None:
    found = keys_of(actors)
    own = [place for place in found[actors[0].account_id] if ":" in place]
    told = 0
    for places in (["DDHT"], ["DDHT-XQ-LT", "DDHT-QY"], ["DDHT-XQ-LT-C03-G2"], own, ["post:DDHT"]):
        for people in KINDS:
            matters = ("RUBBISH",) if people & People.HOLDERS else ()
            change = Change(1, "publish", uuid.uuid4(), tuple(places), int(people), matters)
            holders = holding(matters, list(found))
            for actor in actors:
                page = Page(actor.session_id, actor.account_id, found[actor.account_id], Wire())
                meant = page.is_meant(change)
                meant = actor.account_id in holders if meant is None else meant
                about: dict[str, Any] = {"at": places, "people": int(people)}
                about["matters"] = list(matters) or None
                shown = read(SHOWN, reader(actor) | about)[0].shown
                assert meant == shown, (places, people)
                told += meant
    assert told > 400


class Wire:
    """Somebody's end of a line, who may not read."""

    def __init__(self, unread: int = 0) -> None:
        self.unread, self.sent, self.aborted = unread, b"", False

    def send(self, content: bytes) -> None:
        self.sent += content

    write = send

    def close(self, last: bytes = b"") -> None:
        self.sent += last

    def abort(self) -> None:
        self.aborted = True

    def is_closing(self) -> bool:
        return self.aborted

    def get_write_buffer_size(self) -> int:
        return self.unread


class Quiet:
    """A house that only counts who was cut off."""

    cut = 0

    def arrived(self, door: Door) -> None: ...
    def asked(self, door: Door, asked: Asked) -> None: ...
    def left(self, door: Door) -> None: ...
    def cut_off(self) -> None:
        self.cut += 1


@pytest.mark.parametrize(("unread", "cut"), [(MOST_UNREAD, 0), (MOST_UNREAD + 1, 1)])
def test_a_slow_reader_is_cut_off_and_not_waited_for(unread: int, cut: int) -> None:
    async def tell_twice() -> None:
        for _ in range(2):
            door.send(b"x")

    house, wire = Quiet(), Wire(unread)
    door = Door(house)
    door._line = wire  # type: ignore[assignment]
    asyncio.run(tell_twice())
    assert (house.cut, wire.aborted) == (cut, bool(cut))


def test_each_page_has_its_turn_before_any_has_another() -> None:
    pages = Pages(100)
    for number in range(10):
        pages.admit(Page(UUID(int=number), UUID(int=number), {}, Wire()))
    turns = [page.session.int for _ in range(4) for page in pages.take(5)]
    assert turns == [*range(10), *range(10)]
