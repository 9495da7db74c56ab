"""A query that forgets its condition finds nothing of somebody else, in any guarded table."""

from uuid import UUID

import pytest
from flask import Flask
from psycopg.errors import InsufficientPrivilege

from app.database import NOBODY, Kind, Sight, look_as, look_back, read, transaction, write
from tests.access.things import undone
from tests.people import NEIGHBOUR, RESIDENT, Caller, account_of, bearer
from tests.requests_of import file
from tests.wall.rows import Somebody, found, guarded, plant, seeing, settable

BEYOND_ONLY = """
SELECT tablename AS name FROM pg_policies
WHERE schemaname = 'public' AND policyname = 'reach'
  AND qual !~ 'linli_(account|resident|home)|EXISTS'
"""


@pytest.fixture
def neighbour(app: Flask) -> Somebody:
    """Return somebody with a session and a request."""
    caller = Caller(app, bearer(NEIGHBOUR))
    account = account_of(NEIGHBOUR)
    request = file(caller)["request"]["id"]
    about = {"account": account}
    session = read("SELECT id FROM sign_in_session WHERE account_id = %(account)s", about)[0].id
    resident = read("SELECT resident_id FROM account WHERE id = %(account)s", about)[0].resident_id
    return Somebody(account, resident, session, UUID(request))


@pytest.fixture
def mine(app: Flask) -> Sight:
    """Return the sight of somebody else."""
    account = account_of(RESIDENT)
    sql = "SELECT resident_id FROM account WHERE id = %(account)s"
    return Sight(Kind.RESIDENT, account, read(sql, {"account": account})[0].resident_id)


def test_a_bare_look_at_a_guarded_table_shows_nothing_of_somebody_else(
    neighbour: Somebody, mine: Sight
) -> None:
    theirs = Sight(Kind.RESIDENT, neighbour.account, neighbour.resident)
    closed = {row.name for row in read(BEYOND_ONLY)}
    names, faults = guarded(), []
    with undone():
        for name in names:
            key = plant(name, neighbour)
            assert found(name, key), name
            for sight, allowed in ((theirs, name not in closed), (mine, False), (NOBODY, False)):
                with seeing(sight):
                    if found(name, key) != allowed:
                        faults.append((name, sight.kind, allowed))
    assert faults == []
    assert len(names) > 20


def test_a_bare_update_changes_nothing_of_somebody_else(neighbour: Somebody, mine: Sight) -> None:
    faults = []
    with undone():
        for name in guarded():
            key, column = plant(name, neighbour), settable(name)
            keys = ", ".join(f'"{each}"' for each in key)
            for sight in (mine, NOBODY):
                with seeing(sight):
                    sql = f'UPDATE "{name}" SET "{column}" = "{column}" RETURNING {keys}'
                    if tuple(key.values()) in {tuple(row) for row in write(sql)}:
                        faults.append((name, sight.kind))
    assert faults == []


def test_the_product_cannot_pass_the_wall_by(neighbour: Somebody, mine: Sight) -> None:
    owner = read("SELECT pg_get_userbyid(relowner) AS name FROM pg_class WHERE relname = 'account'")
    for name in guarded():
        for deed in (
            f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY mine ON "{name}" USING (true)',
            f'ALTER POLICY reach ON "{name}" USING (true)',
            f'DROP POLICY reach ON "{name}"',
            f'ALTER TABLE "{name}" OWNER TO linli_app',
        ):
            with pytest.raises(InsufficientPrivilege), transaction():
                write(deed)
    for deed in ("SET ROLE", "SET SESSION AUTHORIZATION"):
        with pytest.raises(InsufficientPrivilege), transaction():
            write(f'{deed} "{owner[0].name}"')
    with pytest.raises(InsufficientPrivilege), transaction():
        write("ALTER ROLE linli_app BYPASSRLS")
    token = look_as(mine)
    with transaction():
        write("SET LOCAL row_security = off")  # the server then refuses to leave rows out
        with pytest.raises(InsufficientPrivilege):
            write("SELECT FROM consent")
    look_back(token)
