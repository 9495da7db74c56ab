"""A migration can be taken back and done again: the database is then what it was, rows and all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import surroundings

OLDEST = "0040"
"""Back to here: what lies behind is older than any installation that anybody would take back."""

COLUMNS = """
SELECT 'column', table_name, column_name, data_type, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public'
"""
RULES = """
SELECT 'policy', tablename, policyname, qual, with_check, cmd FROM pg_policies
UNION ALL SELECT 'index', tablename, indexname, indexdef, NULL, NULL FROM pg_indexes
WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL,
  NULL FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), NULL, NULL
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, pg_get_function_identity_arguments(p.oid),
  pg_get_functiondef(p.oid), NULL, NULL FROM pg_proc p
WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'linli%'
UNION ALL SELECT 'view', viewname, viewowner, definition, NULL, NULL FROM pg_views
WHERE schemaname = 'public'
UNION ALL SELECT 'granted', c.oid::regclass::text, c.relowner::regrole::text, c.relacl::text,
  c.relrowsecurity::text, c.relforcerowsecurity::text FROM pg_class c
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
"""
STAFF = """
WITH staff AS (SELECT account_id, row_number() OVER (ORDER BY account_id) AS n FROM (
  SELECT DISTINCT account_id FROM staff_grant) each)
INSERT INTO added_grant (id, kind, account_id, role, area_code, covered_account_id, valid_from,
  valid_to, reason_sealed, state, asked_by, asked_at, decided_by)
SELECT gen_random_uuid(), CASE WHEN one.n % 2 = 0 THEN 'grant' ELSE 'cover' END, one.account_id,
  CASE WHEN one.n % 2 = 0 THEN 'desk_clerk' END, CASE WHEN one.n % 2 = 0 THEN 'DDHT-XQ-LT' END,
  CASE WHEN one.n % 2 = 1 THEN two.account_id END, current_date - 1, current_date + 9, 'x',
  'standing', gen_random_uuid(), now(), gen_random_uuid()
FROM staff one JOIN staff two ON two.n = one.n + 1
"""
READ = "INSERT INTO inbox_state (account_id, read_upto) SELECT id, 7 FROM account"
ROWS = """
SELECT (SELECT count(*) FROM staff_grant), (SELECT count(*) FROM added_grant),
  (SELECT count(*) FROM resident), (SELECT count(*) FROM account),
  (SELECT sum(read_upto) FROM inbox_state)
"""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Return a database of its own with the sample, its staff and what is added to them."""
    url = surroundings.clone(f"back_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    with psycopg.connect(surroundings.owner_url(url)) as connection:
        connection.execute("SET linli.sight = 'system'")
        connection.execute(STAFF)
        connection.execute(READ)
    yield surroundings.owner_url(url), {**os.environ, **surroundings.environment(url, tmp_path)}
    surroundings.drop_database(url)


def flask(environ: dict[str, str], *wanted: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *wanted]
    done = subprocess.run(
        command, cwd=surroundings.ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def looked_at(url: str) -> tuple[set[tuple[object, ...]], tuple[object, ...] | None]:
    with psycopg.connect(url) as connection:
        connection.execute("SET linli.sight = 'system'")
        shape = {*connection.execute(COLUMNS), *connection.execute(RULES.encode())}
        return shape, connection.execute(ROWS).fetchone()


def test_the_last_migrations_go_back_and_forth(
    installation: tuple[str, dict[str, str]],
) -> None:
    url, environ = installation
    shape, rows = looked_at(url)
    flask(environ, "db", "downgrade", OLDEST)
    before, kept = looked_at(url)
    assert kept == rows
    assert before != shape
    flask(environ, "prepare")
    again, kept = looked_at(url)
    assert kept == rows
    assert sorted(map(str, again - shape)) == []
    assert sorted(map(str, shape - again)) == []
