"""Who is delivered to is who is shown: small audiences and large ones, and each of the people."""

import pytest
from flask import Flask

from app.database import read
from notices.audience.people import People
from notices.audience.reached import BY_OFFICE, IN_GRIDS, SINGLY, audience_of, grids_of
from notices.channels.people import WALK_RESIDENTS, Reachable, page_of, those_of
from notices.channels.protocol import Span
from notices.delivery.messages import message_of
from notices.delivery.ranges import ranges
from tests.delivery.fakes import RESIDENTS, published
from tests.notices_of import age_everybody
from tests.people import NEIGHBOUR, RESIDENT, WORKER, account_of

ACCOUNTS = Reachable(WALK_RESIDENTS.replace("FROM resident", "FROM account"), "fake")


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
    residents = {row.resident_id for row in living}
    accounts = {row.account_id for row in living if row.account_id}
    accounts |= {row.account_id for row in read(BY_OFFICE, audience)}
    for few, chunks in ((True, 1), (False, 5)):
        found: dict[str, list[object]] = {"accounts": [], "residents": []}
        for low, high in ranges(chunks):
            span = Span(low, high, 333, few)
            for name, reachable in (("accounts", ACCOUNTS), ("residents", RESIDENTS)):
                while True:
                    rows, upto = page_of(reachable, message, span)
                    assert [row.key for row in rows] == sorted(row.key for row in rows)
                    found[name] += [row.key for row in rows]
                    if upto is None:
                        break
                    span = Span(upto, high, 333, few)
                span = Span(low, high, 333, few)
        assert len(found["residents"]) == len(set(found["residents"]))
        assert set(found["residents"]) == residents
        assert len(found["accounts"]) == len(set(found["accounts"]))
        assert set(found["accounts"]) == accounts
    again = those_of(ACCOUNTS, message, "SELECT unnest(%(ids)s::uuid[])", list(accounts)[:50])
    assert {row.key for row in again} == set(list(accounts)[:50])
