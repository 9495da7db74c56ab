"""Who moves in is told what stands there, though it was published before they came."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.database import read, transaction, write
from tests.notices_of import Client, done, expire, publish, take, titles
from tests.people import RESIDENT, STAFF

MOVE = "UPDATE resident SET household_sid = %(home)s WHERE sid = 'R00000001'"
GRID = "SELECT grid_code FROM address WHERE sid = 'A0000002'"


def move(home: str) -> None:
    with transaction():
        write(MOVE, {"home": home})


@pytest.fixture
def back_home(app: Flask) -> Iterator[None]:
    yield
    move("H0000001")


def test_who_moves_in_sees_what_was_published_before_and_stands(
    sign_in: Client, back_home: None
) -> None:
    audience = {"areas": [read(GRID)[0].grid_code]}
    publish(sign_in, title="电梯检修", audience=audience)
    expire(publish(sign_in, title="昨日停水", audience=audience))
    withdrawn = publish(sign_in, title="误发", audience=audience)
    done(take(sign_in(STAFF), withdrawn, "withdrawal"))
    resident = sign_in(RESIDENT)
    assert titles(resident) == []
    move("H0000002")
    assert titles(resident) == ["电梯检修"]
