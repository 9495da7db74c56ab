"""An owner who is no superuser prepares a database, or hears in one sentence what is wanted."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from app.database.reading import libpq_url
from tests.surroundings import ROOT, admin, database_url, drop_database, environment, template

VIEWS = "SELECT viewname, viewowner FROM pg_views WHERE viewname LIKE 'request_%' ORDER BY 1"
ALLOWED = "SELECT has_table_privilege('linli_app', 'request_pin', 'SELECT')"


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty database for its owner, who may make no roles."""
    name = f"linli_plain_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    template()  # the roles are there: somebody prepared another database of this server
    with admin() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
        connection.execute(f'DROP ROLE IF EXISTS "{name}"'.encode())
        connection.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'linli'".encode())
        connection.execute(f'CREATE DATABASE "{name}" OWNER "{name}" TEMPLATE template0'.encode())
    url = make_url(database_url(name)).set(username=name, password="linli")
    yield libpq_url(url)
    drop_database(database_url(name))
    with admin() as connection:
        connection.execute(f'DROP ROLE "{name}"'.encode())


def prepared(owner: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **environment(owner, folder), "LINLI_OWNER_URL": owner}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_windows_are_made_by_an_owner_who_was_let_act_as_their_role(
    owner: str, tmp_path: Path
) -> None:
    refused = prepared(owner, tmp_path)
    assert refused.returncode == 1
    assert refused.stderr.strip().splitlines()[-1] == (
        "Error: the owner of the tables may not give a view to the role linli_window, or is no"
        " member of it: see docs/operations.md#postgresql"
    )
    name = make_url(owner).username
    with admin() as connection:
        connection.execute(f'GRANT linli_window TO "{name}"'.encode())
    done = prepared(owner, tmp_path)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(owner) as connection:
        views = connection.execute(VIEWS).fetchall()
        assert views == [("request_pin", "linli_window"), ("request_spot", "linli_window")]
        assert connection.execute(ALLOWED).fetchone() == (True,)
