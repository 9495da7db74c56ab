"""Where a query forgets to ask whose row it is, the server still does."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text

from app.database import (
    NOBODY,
    Kind,
    Sight,
    UnsafeServer,
    beyond,
    check_role,
    db,
    engine_of,
    look_as,
    look_back,
    read,
    transaction,
    write,
)
from app.settings import Settings
from tests.people import NEIGHBOUR, RESIDENT, account_of, bearer
from tests.surroundings import owner, owner_url

SESSIONS = "SELECT account_id FROM sign_in_session"


@contextmanager
def seeing(sight: Sight) -> Iterator[None]:
    token = look_as(sight)
    try:
        yield
    finally:
        look_back(token)


@pytest.fixture
def two_people(app: Flask) -> tuple[Sight, Sight]:
    """Return the sights of two residents, each with a session."""
    for person in (RESIDENT, NEIGHBOUR):
        bearer(person)
    mine, theirs = (Sight(Kind.RESIDENT, account_of(each)) for each in (RESIDENT, NEIGHBOUR))
    return mine, theirs


def test_a_query_without_a_condition_finds_only_what_is_ones_own(
    two_people: tuple[Sight, Sight],
) -> None:
    mine, theirs = two_people
    for sight in (mine, theirs, mine):  # on one connection, in turn
        with seeing(sight):
            assert {row.account_id for row in read(SESSIONS)} == {sight.account_id}
            with transaction():
                assert {row.account_id for row in write(SESSIONS)} == {sight.account_id}
    with seeing(NOBODY):
        assert read(SESSIONS) == []


def test_an_update_without_a_condition_changes_only_what_is_ones_own(
    two_people: tuple[Sight, Sight],
) -> None:
    mine, theirs = two_people
    with seeing(mine), transaction():
        changed = write("UPDATE sign_in_session SET revoked_at = now() RETURNING account_id")
    assert {row.account_id for row in changed} == {mine.account_id}
    left = read("SELECT account_id FROM sign_in_session WHERE revoked_at IS NULL")
    assert {row.account_id for row in left} == {theirs.account_id}


def test_nobody_writes_a_row_in_somebody_elses_name(two_people: tuple[Sight, Sight]) -> None:
    mine, theirs = two_people
    forged = (
        "INSERT INTO consent (account_id, purpose, given_at)"
        " VALUES (%(account)s, 'phone-sharing', now())"
    )
    with pytest.raises(InsufficientPrivilege), seeing(mine), transaction():
        write(forged, {"account": theirs.account_id})
    assert read("SELECT FROM consent") == []


def test_a_deed_looks_beyond_where_it_says_so_and_no_further(
    two_people: tuple[Sight, Sight],
) -> None:
    mine, _ = two_people
    with seeing(mine), transaction():
        assert len(write(SESSIONS)) == 1
        with beyond():
            assert len(write(SESSIONS)) == 2
        assert len(write(SESSIONS)) == 1


def test_a_deed_that_fails_beyond_leaves_the_next_one_in_its_own_sight(
    two_people: tuple[Sight, Sight],
) -> None:
    mine, _ = two_people
    with seeing(mine):
        with pytest.raises(ZeroDivisionError), transaction(), beyond():
            raise ZeroDivisionError
        assert len(read(SESSIONS)) == 1
        with transaction():
            assert len(write(SESSIONS)) == 1


def test_a_connection_that_was_told_nothing_finds_nothing(
    two_people: tuple[Sight, Sight],
) -> None:
    with db.engine.connect() as connection:
        assert connection.execute(text(SESSIONS)).all() == []


def test_the_product_may_not_take_the_wall_down(app: Flask) -> None:
    for deed in (
        "ALTER TABLE consent DISABLE ROW LEVEL SECURITY",
        "DROP POLICY reach ON consent",
        "UPDATE alembic_version SET version_num = '0'",
    ):
        with pytest.raises(InsufficientPrivilege), transaction():
            write(deed)


def test_who_owns_the_tables_is_bound_as_well(two_people: tuple[Sight, Sight]) -> None:
    guarded = (
        "SELECT count(*) FILTER (WHERE NOT relforcerowsecurity), count(*) FROM pg_class"
        " WHERE relrowsecurity"
    )
    with owner() as connection:
        unforced, found = connection.execute(guarded).fetchone() or (None, 0)
    assert (unforced, found > 0) == (0, True)


def test_a_role_that_passes_the_wall_by_is_refused(app: Flask, settings: Settings) -> None:
    check_role(db.engine)
    with pytest.raises(UnsafeServer):
        check_role(engine_of(settings.owner_url))
    assert owner_url(settings.database_url) != settings.database_url
