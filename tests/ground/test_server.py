"""A server that may forget what it acknowledged is refused before anybody is served."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url

from app.database import UnsafeServer, check_server, db
from tests.surroundings import admin, create_database, database_url, drop_database

SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


class Answering:
    """A server with the given settings, as far as the check asks it."""

    def __init__(self, settings: Mapping[str, str], version: int = 150004) -> None:
        self._settings, self._version = {**SAFE, **settings}, version

    @contextmanager
    def connect(self) -> Iterator["Answering"]:
        yield self

    def scalar(self, _statement: object, values: Mapping[str, str] | None = None) -> object:
        return self._settings[values["name"]] if values else str(self._version)


def answering(settings: Mapping[str, str], version: int = 150004) -> Any:
    return Answering(settings, version)


@pytest.mark.parametrize("name", SAFE)
def test_a_server_that_may_forget_is_refused(name: str) -> None:
    with pytest.raises(UnsafeServer, match=f"{name} is off; it must be on"):
        check_server(answering({name: "off"}))


@pytest.mark.parametrize("weaker", ["local", "remote_write"])
def test_a_server_that_acknowledges_too_early_is_refused(weaker: str) -> None:
    with pytest.raises(UnsafeServer, match="synchronous_commit"):
        check_server(answering({"synchronous_commit": weaker}))


def test_a_server_that_is_too_old_is_refused() -> None:
    with pytest.raises(UnsafeServer, match="PostgreSQL 14 is too old"):
        check_server(answering({}, 140020))
    check_server(answering({}, 150000))


def test_the_server_of_the_suite_is_safe(app: Flask) -> None:
    check_server(db.engine)


def test_a_database_that_was_set_to_forget_is_refused(app: Flask) -> None:
    """The setting of one database counts, not only the server's."""
    name = f"{db.engine.url.database}_forgetful"
    create_database(name, "template0")
    try:
        with admin() as connection:
            connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off'.encode())
        url = make_url(database_url(name)).set(drivername="postgresql+psycopg")
        engine = create_engine(url)
        with pytest.raises(UnsafeServer, match="synchronous_commit is off"):
            check_server(engine)
        engine.dispose()
    finally:
        drop_database(database_url(name))
