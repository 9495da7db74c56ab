"""What is read most is planned once and kept: planning costs more than the reading itself."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask import Flask

from app.database import read
from app.database.reading import _own
from notices.inbox.queries import INBOX, UNREAD
from tests.people import RESIDENT, WORKER, Caller, Person
from tests.requests_of import PLACE, file
from tests.surroundings import owner

OFTEN = 12
TRIED = 5  # plans for the values of one call that PostgreSQL makes before it may keep one for all
KEPT = """
SELECT statement, custom_plans AS made_anew FROM pg_prepared_statements
WHERE statement NOT LIKE '%%pg_prepared_statements%%'
"""
# A quarter for everybody, as an area is; the rest for many households, a few each.
TARGETS = """
INSERT INTO notice_target (place, seq, notice_id, people, priority, pinned, expires_at)
SELECT CASE WHEN n %% 4 = 0 THEN 'DDHT' ELSE 'household:' || n %% 500 END, -n,
       gen_random_uuid(), 1, 0, false, now() + interval '1 day'
FROM generate_series(1, %s) n
"""
LNG, LAT = PLACE
READER = {
    "me": uuid.uuid4(),
    "resident": uuid.uuid4(),
    "places": ["DDHT", "DDHT-XQ"],
    "posts": [],
    "premises": [],
    "before": 10**9,
    "limit": 21,
    "most": 100,
}
WHO = [str(READER["me"]), str(READER["resident"]), "DDHT-XQ"]


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (RESIDENT, "/api/v1/inbox"),
        (RESIDENT, "/api/v1/inbox/unread"),
        (RESIDENT, "/api/v1/requests/mine"),
        (WORKER, "/api/v1/inbox"),
        (WORKER, "/api/v1/inbox/unread"),
        (WORKER, f"/api/v1/requests?near={LNG},{LAT}&crs=wgs84"),
    ],
)
def test_a_daily_read_is_planned_once(
    app: Flask, sign_in: Callable[[Person], Caller], who: Person, path: str
) -> None:
    file(sign_in(RESIDENT))
    caller = sign_in(who)
    if _own.connection is not None:  # what it promised itself when the tables were empty is over
        _own.connection.close()
    before = {row.statement: row.made_anew for row in read(KEPT)}
    for _ in range(OFTEN):
        assert caller.get(path).status_code == 200
    anew = {row.statement: row.made_anew - before.get(row.statement, 0) for row in read(KEPT)}
    assert not {sql: many for sql, many in anew.items() if many > TRIED}


@pytest.mark.parametrize("targets", [0, 100, 2_000, 50_000])
@pytest.mark.parametrize(
    "sql",
    [INBOX.format(pinned=""), INBOX.format(pinned="t.pinned AND"), UNREAD],
    ids=["inbox", "pinned", "unread"],
)
def test_a_plan_for_one_reader_promises_no_more_than_the_plan_for_all(
    app: Flask, sql: str, targets: int
) -> None:
    """Where it did, the server would plan anew for each of them, however dear that is."""
    with owner() as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(TARGETS, [targets])
        connection.execute("ANALYZE notice_target")
        names = _prepare(connection, sql)
        for_one, for_all = (
            _plan(connection, names, f"force_{kind}_plan") for kind in ("custom", "generic")
        )
    assert for_one["Total Cost"] == pytest.approx(for_all["Total Cost"], rel=1e-6)
    known = str(for_one)
    assert not [value for value in WHO if value in known], "the planner knows who asks"


def _prepare(connection: psycopg.Connection[Any], sql: str) -> list[str]:
    names: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    statement = re.sub(r"%[(](\w+)[)]s", numbered, sql)
    connection.execute(f"PREPARE one AS {statement}".encode())
    return names


def _plan(connection: psycopg.Connection[Any], names: list[str], mode: str) -> dict[str, Any]:
    connection.execute(f"SET plan_cache_mode = {mode}".encode())
    values = ", ".join(f"%({name})s" for name in names)
    cursor = psycopg.ClientCursor(connection)
    cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE one ({values})".encode(), READER)
    ((plan,),) = cursor.fetchall()
    return dict(plan[0]["Plan"])
