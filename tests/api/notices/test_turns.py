"""Those who publish at once take turns, or a reader would miss the notice that came in late."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from psycopg.errors import LockNotAvailable

from app import clock
from app.database import transaction, write
from app.database.reading import connect_apart
from notices.model.numbering import TURN, next_number
from tests.notices_of import Client, publish

SOON = "SET LOCAL lock_timeout = '100ms'"
TAKE, GIVE = (TURN.replace("advisory_xact_lock", f"advisory_{deed}") for deed in ("lock", "unlock"))


def number_soon(notice: UUID) -> int:
    """Ask for a number, and wait for one's turn no longer than a moment."""
    with transaction():
        write(SOON)
        return next_number(notice, "publish", [], clock.now())


def test_nobody_gets_a_number_while_another_has_the_turn(app: Flask, sign_in: Client) -> None:
    notice = UUID(publish(sign_in)["id"])
    with connect_apart() as another:
        another.execute(TAKE.encode())
        with pytest.raises(LockNotAvailable):
            number_soon(notice)
        another.execute(GIVE.encode())
    assert number_soon(notice) > 0


def test_who_comes_second_has_the_higher_number(app: Flask, sign_in: Client) -> None:
    """The first holds the turn until it has committed: no lower number comes after a higher one."""
    notice = UUID(publish(sign_in)["id"])

    def number() -> int:
        with app.app_context(), transaction():
            return next_number(notice, "publish", [], clock.now())

    with ThreadPoolExecutor(1) as another:
        with transaction():
            first = next_number(notice, "publish", [], clock.now())
            second = another.submit(number)
            assert not second.done()
        assert second.result() == first + 1
