"""Who is delivered to is who is shown: small audiences and large ones, and each of the people."""

from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

from app.database import read
from notices.audience.people import People
from notices.audience.reached import (
    BY_OFFICE,
    IN_BUSINESS,
    IN_GRIDS,
    SINGLY,
    audience_of,
    grids_of,
)
from notices.channels import registers
from notices.channels.people import (
    WALK_FIRMS,
    WALK_RESIDENTS,
    Reachable,
    page_of,
    those_of,
)
from notices.channels.protocol import Message, Span
from notices.delivery.messages import message_of
from notices.delivery.ranges import ranges
from tests.delivery.fakes import RESIDENTS, published
from tests.notices_of import age_everybody
from tests.people import NEIGHBOUR, RESIDENT, WORKER, account_of

ACCOUNTS = Reachable(WALK_RESIDENTS.replace("FROM resident", "FROM account"), "fake")
NIL = UUID(int=0)
FIRMS = Reachable(WALK_FIRMS, "fake", of=registers.FIRMS)


def placed(what: str) -> list[str]:
    row = read(
        "SELECT r.id, h.id AS household, h.address_sid FROM account a JOIN resident r"
        " ON r.id = a.resident_id JOIN household h ON h.sid = r.household_sid WHERE a.id = %(id)s",
        {"id": account_of(RESIDENT)},
    )[0]
    return {
        "person": [f"person:{row.id}"],
        "household": [f"household:{row.household}"],
        "address": [f"address:{row.address_sid}", "DDHT-QY"],
        "areas": ["DDHT-XQ-LT", "DDHT-QY"],
        "division": ["division:210603101000"],
        "zone": ["DDHT"],
        "post": ["DDHT-XQ-LT", "post:DDHT-XQ"],
    }[what]


@pytest.mark.parametrize("what", ["person", "household", "address", "areas", "division", "zone"])
@pytest.mark.parametrize(
    "people",
    [
        People.ALL,
        People.ELDERS,
        People.OWNERS | People.WORKERS,
        People.WORKERS | People.ENTERPRISES,
        People.ALL | People.ENTERPRISES,
    ],
)
def test_pages_of_any_shape_are_the_audience(app: Flask, what: str, people: People) -> None:
    for person in (RESIDENT, NEIGHBOUR, WORKER):
        account_of(person)
    age_everybody()
    key = published(["DDHT"], places=placed(what), people=int(people))
    message = message_of(key)
    assert message is not None
    audience = audience_of(key)
    grids = grids_of(audience, "", 10_000)
    living = read(IN_GRIDS, audience | {"grids": grids}) + read(SINGLY, audience)
    accounts = {row.account_id for row in living if row.account_id}
    accounts |= {row.account_id for row in read(BY_OFFICE, audience)}
    firms = {row.id for row in read(IN_BUSINESS, audience)}
    for reachable, meant, limit in (
        (RESIDENTS, {row.resident_id for row in living}, 333),
        (ACCOUNTS, accounts, 333),
        (FIRMS, firms, 4),
    ):
        for few, chunks in ((True, 1), (True, 5), (False, 5)):
            found = walked(reachable, message, chunks, Span(NIL, NIL, limit, few))
            assert len(found) == len(set(found))
            assert set(found) == meant
        some = list(meant)[:50]
        again = those_of(reachable, message, "SELECT unnest(%(ids)s::uuid[])", some)
        assert {row.key for row in again} == set(some)


def walked(reachable: Reachable, message: Message, chunks: int, pages: Span) -> list[UUID]:
    found: list[UUID] = []
    for low, high in ranges(chunks):
        upto: UUID | None = low
        while upto is not None:
            rows, upto = page_of(reachable, message, replace(pages, after=upto, high=high))
            assert [row.key for row in rows] == sorted(row.key for row in rows)
            found += [row.key for row in rows]
    return found
