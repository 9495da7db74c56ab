"""Those concerned in a case, and rules that a test may change."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from community.rules.models import (
    Capacity,
    DispatchRule,
    DutyClause,
    MatterLimit,
    NotAccepted,
    RatingReason,
    SupervisionRung,
)
from community.rules.registers import forget_all
from tests.people import RESIDENT, SECOND_WORKER, STAFF, WORKER, Caller, Person

TABLES = [
    model.__tablename__
    for model in (
        *(MatterLimit, DutyClause, DispatchRule, NotAccepted, SupervisionRung, Capacity),
        RatingReason,
    )
]
WRITTEN = (
    *("service_request", "request_event", "rating", "request_task", "request_visit", "file_use"),
    *("request_follow", "audit_entry", "outbox"),
)
Client = Callable[[Person], Caller]


@pytest.fixture
def resident(sign_in: Client) -> Caller:
    return sign_in(RESIDENT)


@pytest.fixture
def worker(sign_in: Client) -> Caller:
    return sign_in(WORKER)


@pytest.fixture
def second_worker(sign_in: Client) -> Caller:
    return sign_in(SECOND_WORKER)


@pytest.fixture
def staff(sign_in: Client) -> Caller:
    return sign_in(STAFF)


@pytest.fixture
def own_rules(app: Flask) -> Iterator[None]:
    """Let a test change the rules; they are as before afterwards."""
    kept = {table: read(f"SELECT * FROM {table}") for table in TABLES}
    yield
    with transaction():
        for table, rows in kept.items():
            write(f"DELETE FROM {table}")
            for row in rows:
                values = ", ".join(f"%({name})s" for name in row._fields)
                write(f"INSERT INTO {table} VALUES ({values})", row._asdict())
    forget_all()


def all_rows() -> dict[str, list[Any]]:
    """Return every row that a filing or a step could write."""
    return {table: read(f"SELECT * FROM {table} ORDER BY 1, 2") for table in WRITTEN}


@pytest.fixture
def nothing_written(app: Flask) -> Iterator[Callable[[], None]]:
    """Return what begins to watch; at the end nothing must have changed since."""
    seen: list[Any] = []
    yield lambda: seen.append(all_rows())
    assert seen, "nobody watched"
    assert all_rows() == seen[0]
