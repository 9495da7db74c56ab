"""Whom the tests of identity meet."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.database import transaction, write
from tests.identity.desk import COLLEAGUE, DESK
from tests.people import NEWCOMER, Caller, Person, account_of, proved, staff_with

Client = Callable[[Person], Caller]


@pytest.fixture
def clerks(app: Flask, sign_in: Client) -> Iterator[tuple[Caller, Caller]]:
    """Return two clerks of one desk."""
    account = account_of(COLLEAGUE)
    account_of(NEWCOMER)
    with transaction():
        write(
            "INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code,"
            " valid_from) VALUES ('COLLEAGUE', 'desk_clerk', %(id)s, 'x', %(area)s, '2024-01-01')",
            {"id": account, "area": DESK},
        )
    yield proved(sign_in(staff_with("desk_clerk", area=DESK))), proved(sign_in(COLLEAGUE))
    with transaction():
        write("DELETE FROM staff_grant WHERE staff_sid = 'COLLEAGUE'")
