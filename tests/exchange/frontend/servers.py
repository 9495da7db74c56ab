"""Real servers for these tests: databases with random names, made and dropped by each test.

``LINLI_TEST_POSTGRESQL`` and ``LINLI_TEST_MYSQL`` name the servers. Where one cannot be reached its
tests are skipped, on a machine of somebody's own. Where ``LINLI_TEST_SERVERS=needed`` they fail:
the Makefile says so wherever ``CI`` is set, for nobody reads there what was skipped.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import pymysql
import pytest
from sqlalchemy import URL, make_url

from app.database.reading import libpq_url
from app.sync.connectors.frontend.mysql import READ
from tests import surroundings

POSTGRESQL = os.environ.get(
    "LINLI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
MYSQL = os.environ.get("LINLI_TEST_MYSQL", "mysql://root@127.0.0.1:3306/")


class Server:
    """One database on a server, and connections of whoever writes there."""

    moment: str
    text: str

    def __init__(self, kind: str, url: str) -> None:
        self.kind = kind
        self._admin = url
        self.name = f"linli_fe_{secrets.token_hex(6)}"

    @property
    def url(self) -> str:
        return self.url_of()

    def url_of(self, user: str | None = None, port: int | None = None) -> str:
        """Return the database's URL for one of its users, perhaps through another port."""
        url = make_url(self._admin).set(database=self.name)
        if user:
            url = url.set(username=user, password="Reads-0nly")
        if port:
            url = url.set(host="127.0.0.1", port=port)
        return self.spelled(url)

    @staticmethod
    def spelled(url: URL) -> str:
        """Return a URL as the server's own clients read it."""
        return url.render_as_string(hide_password=False)

    @property
    def port(self) -> int:
        default = 5432 if self.kind == "postgresql" else 3306
        return make_url(self._admin).port or default

    def connect(self, database: str | None = None) -> Any:
        raise NotImplementedError

    @contextmanager
    def writer(self) -> Iterator[Any]:
        """Yield a connection with its own transaction, not committed unless one says so."""
        connection = self.connect(self.name)
        try:
            yield connection
        finally:
            connection.close()

    def do(self, *statements: str) -> None:
        """Do and commit."""
        with self.writer() as connection:
            for words in statements:
                connection.cursor().execute(words)
            connection.commit()

    def admin(self, words: str) -> None:
        """Do something to the server, outside the database."""
        connection = self.connect()
        connection.autocommit = True
        try:
            connection.cursor().execute(words)
        finally:
            connection.close()

    def create(self, options: str = "") -> None:
        self.admin(f"CREATE DATABASE {self.name} {options}")

    def drop(self) -> None:
        raise NotImplementedError

    @contextmanager
    def reader(self, *grants: str) -> Iterator[str]:
        """Yield the URL of an account that may do nothing but what is granted."""
        raise NotImplementedError


class PostgreSQL(Server):
    moment, text = "timestamp(6)", "text"
    spelled = staticmethod(libpq_url)

    def connect(self, database: str | None = None) -> Any:
        url = make_url(self._admin)
        if database:
            url = url.set(database=database)
        return psycopg.connect(libpq_url(url), connect_timeout=5)

    def drop(self) -> None:
        self.admin(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    @contextmanager
    def reader(self, *grants: str) -> Iterator[str]:
        user = f"linli_{secrets.token_hex(6)}"
        self.admin(f"CREATE ROLE {user} LOGIN PASSWORD 'Reads-0nly'")
        try:
            self.do(*(f"GRANT {grant} TO {user}" for grant in grants))
            yield self.url_of(user)
        finally:
            self.do(f"DROP OWNED BY {user}")
            self.admin(f"DROP ROLE {user}")


class MySQL(Server):
    moment, text = "datetime(6)", "text"

    def connect(self, database: str | None = None) -> Any:
        url = make_url(self._admin)
        return pymysql.connect(
            host=url.host or "localhost",
            port=url.port or 3306,
            user=url.username,
            password=url.password or "",
            database=database,
            unix_socket=dict(url.query).get("unix_socket"),
            charset="utf8mb4",
            connect_timeout=5,
            conv=READ,
        )

    def admin(self, words: str) -> None:
        connection = self.connect()
        try:
            connection.cursor().execute(words)
        finally:
            connection.close()

    def create(self, options: str = "CHARACTER SET utf8mb4") -> None:
        super().create(options)

    def drop(self) -> None:
        self.admin(f"DROP DATABASE IF EXISTS {self.name}")

    @contextmanager
    def reader(self, *grants: str) -> Iterator[str]:
        user = f"linli_{secrets.token_hex(6)}"
        self.admin(f"CREATE USER '{user}'@'%' IDENTIFIED BY 'Reads-0nly'")
        try:
            self.do(*(f"GRANT {grant} TO '{user}'@'%'" for grant in grants))
            yield self.url_of(user)
        finally:
            self.admin(f"DROP USER '{user}'@'%'")


def _reached(kind: str) -> Server:
    if kind == "mysql":
        server: Server = MySQL(kind, MYSQL)
        server.connect().close()
        return server
    try:
        server = PostgreSQL(kind, POSTGRESQL)
        server.connect().close()
    except psycopg.OperationalError:
        if surroundings.RUN not in os.environ:
            raise
        server = PostgreSQL(kind, surroundings.database_url("postgres"))
    return server


@contextmanager
def database(kind: str, options: str | None = None) -> Iterator[Server]:
    """Yield an empty database on a server of this kind, or skip the test."""
    try:
        server = _reached(kind)
    except (psycopg.OperationalError, pymysql.err.OperationalError):
        if os.environ.get("LINLI_TEST_SERVERS") == "needed":
            raise
        pytest.skip(f"no {kind} server: LINLI_TEST_{kind.upper()} names one")
    server.create(*([options] if options is not None else []))
    try:
        yield server
    finally:
        server.drop()


def rows_of(server: Server, words: str) -> list[tuple[Any, ...]]:
    """Return what the district's own people see."""
    with server.writer() as connection:
        cursor = connection.cursor()
        cursor.execute(words)
        return [tuple(row) for row in cursor.fetchall()]


Settings = Mapping[str, Any]
