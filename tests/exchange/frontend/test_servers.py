"""Tests against real servers say so when they did not run, and where it counts they must."""

import os
import subprocess

import psycopg
import pymysql
import pytest

from tests.exchange.frontend import servers
from tests.surroundings import ROOT, RUN

NOWHERE = {
    "postgresql": ("POSTGRESQL", "postgresql://postgres@127.0.0.1:9/postgres"),
    "mysql": ("MYSQL", "mysql://root@127.0.0.1:9/"),
}
FAULTS = (psycopg.OperationalError, pymysql.err.OperationalError)
ASKED = "asked: ; @echo $(LINLI_TEST_SERVERS)"


@pytest.fixture(params=NOWHERE)
def missing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the kind of a server that is not there, not even the suite's own."""
    name, url = NOWHERE[request.param]
    monkeypatch.setattr(servers, name, url)
    monkeypatch.delenv(RUN)
    return str(request.param)


def test_a_server_that_is_needed_and_missing_fails(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_TEST_SERVERS", "needed")
    with pytest.raises((*FAULTS, pytest.skip.Exception)) as found, servers.database(missing):
        pass
    assert isinstance(found.value, FAULTS), "it was skipped"


def test_on_a_machine_of_ones_own_it_is_skipped_by_name(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LINLI_TEST_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=missing), servers.database(missing):
        pass


@pytest.mark.parametrize(("ci", "asked"), [({"CI": "true"}, "needed"), ({}, "")])
def test_where_nobody_reads_what_was_skipped_they_are_needed(
    ci: dict[str, str], asked: str
) -> None:
    ours = {name: value for name, value in os.environ.items() if "LINLI_TEST_SERVERS" not in name}
    ours.pop("CI", None)
    told = subprocess.run(
        ["make", "--no-print-directory", f"--eval={ASKED}", "asked"],
        cwd=ROOT,
        env=ours | ci,
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == asked
