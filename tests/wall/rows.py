"""A row of somebody in every guarded table, as plain as the table lets it be."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Column, LargeBinary, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app import clock
from app.database import Model, Sight, look_as, look_back, read, see_as, transaction, write
from app.database.sight import SYSTEM

GUARDED = """
SELECT c.relname AS name FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity ORDER BY 1
"""
FILED = "service_request"
"""The one table in which everybody of these tests has filed a row themselves."""
HOME = """
SELECT r.id, r.household_sid, h.id AS household, r.sid FROM resident r
JOIN household h ON h.sid = r.household_sid WHERE r.id = %(resident)s
"""
STANDING = {"account", "subject_key", "resident", "household"}
"""Tables in which everybody of the tests has a row already."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """An account, its person of the register, a session, and a request that they filed."""

    account: UUID
    resident: UUID
    session: UUID
    request: UUID


@contextmanager
def seeing(sight: Sight) -> Iterator[None]:
    """Go on in a sight within the deed under way."""
    token = see_as(sight)
    try:
        yield
    finally:
        look_back(token)
        look_back(see_as(SYSTEM))


def seen_as(sql: str, sight: Sight) -> list[Any]:
    """Return what a query finds by itself in a sight."""
    token = look_as(sight)
    try:
        return read(sql)
    finally:
        look_back(token)


def guarded() -> list[str]:
    """Return the guarded tables."""
    return [row.name for row in read(GUARDED)]


def plant(name: str, who: Somebody) -> Mapping[str, Any]:
    """Write a row of somebody into a guarded table; return what finds it again."""
    if name == FILED:
        return {"id": who.request}
    if name in STANDING:
        return _standing(name, who)
    table = Model.metadata.tables[name]
    values = _named(table, who)
    for column in table.columns:
        if column.name not in values and not column.nullable and not _made(column):
            values[column.name] = _anything(column)
    columns = ", ".join(f'"{each}"' for each in values)
    marks = ", ".join(f"%({each})s" for each in values)
    keys = [column.name for column in table.primary_key]
    returned = ", ".join(f'"{each}"' for each in keys)
    with transaction():
        row = write(
            f'INSERT INTO "{name}" ({columns}) VALUES ({marks}) RETURNING {returned}', values
        )[0]
    return dict(zip(keys, row, strict=True))


def found(name: str, key: Mapping[str, Any]) -> bool:
    """Tell whether a bare look at a table finds the row, in the sight of now."""
    keys = ", ".join(f'"{each}"' for each in key)
    return tuple(key.values()) in {tuple(row) for row in read(f'SELECT {keys} FROM "{name}"')}


def settable(name: str) -> str:
    """Return a column of a table that may be set."""
    columns = Model.metadata.tables[name].columns
    return next(c.name for c in columns if c.identity is None and c.computed is None)


def _standing(name: str, who: Somebody) -> dict[str, Any]:
    if name in ("account", "subject_key"):
        return {"id" if name == "account" else "subject": who.account}
    home = read(HOME, {"resident": who.resident})[0]
    return {"id": who.resident if name == "resident" else home.household}


def _named(table: Table, who: Somebody) -> dict[str, Any]:
    """Return the columns that name somebody, and those that a table is particular about."""
    by_name = {
        "account_id": who.account,
        "agent_account_id": who.account,
        "contact_account_id": who.account,
        "subject": who.account,
        "asked_by": who.account,
        "uploaded_by": who.account,
        "resident_id": who.resident,
        "guardian_resident_id": who.resident,
        "session_id": who.session,
        "request_id": who.request,
    }
    found: dict[str, Any] = {n: value for n, value in by_name.items() if n in table.columns}
    particular = PARTICULAR.get(table.name)
    return found | particular(who) if particular else found


def _guardianship(who: Somebody) -> dict[str, Any]:
    return {"guardianship_id": plant("guardianship", who)["id"]}


PARTICULAR: Mapping[str, Callable[[Somebody], dict[str, Any]]] = {
    "added_grant": lambda _: {"kind": "grant", "role": "auditor"} | _period(),
    "mandate": lambda _: _period(),
    "guardianship": lambda _: {"basis": "register", "state": "standing"},
    "guardian_consent": _guardianship,
    "audit_entry": lambda _: {"chain": "deeds"},
    "past_home": lambda who: {
        "kind": "resident",
        "sid": read(HOME, {"resident": who.resident})[0].sid,
        "was": "H0000002",
    },
    "outbox": lambda who: {"subject_kind": "account", "subject_id": who.account},
}


def _period() -> dict[str, Any]:
    return {"valid_from": clock.today(), "valid_to": clock.today() + timedelta(days=9)}


def _made(column: Column[Any]) -> bool:
    return (
        column.server_default is not None
        or column.identity is not None
        or column.computed is not None
    )


MADE: Mapping[type, Callable[[], Any]] = {
    UUID: uuid.uuid4,
    str: lambda: uuid.uuid4().hex,
    bool: bool,
    int: lambda: 1,
    date: clock.today,
}


def _anything(column: Column[Any]) -> Any:
    if isinstance(column.type, JSONB):
        return Jsonb({})
    if isinstance(column.type, ARRAY):
        return []
    if isinstance(column.type, LargeBinary):
        return uuid.uuid4().bytes
    wanted = column.type.python_type
    return MADE.get(wanted, clock.now)()
