"""Somebody who has filed a case, and what a copy says of them."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from app.database import read
from app.privacy import Subject
from tests.people import RESIDENT, Caller, Person, account_of
from tests.requests_of import file
from tests.rights.copies import Copy
from tests.wall.rows import Somebody

Client = Callable[[Person], Caller]


@pytest.fixture
def me(app: Flask, sign_in: Client) -> Somebody:
    """Return the resident, who has filed a case."""
    request = UUID(file(sign_in(RESIDENT))["request"]["id"])
    account = account_of(RESIDENT)
    about = {"account": account}
    session = read("SELECT id FROM sign_in_session WHERE account_id = %(account)s", about)[0].id
    resident = read("SELECT resident_id FROM account WHERE id = %(account)s", about)[0].resident_id
    return Somebody(account, resident, session, request)


@pytest.fixture
def copy(app: Flask, me: Somebody) -> Copy:
    return Copy(app.extensions["linli.features"], Subject(me.account, me.resident))
