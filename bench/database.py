"""A fresh database for one run of the measurements, on the server that the product would use."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.database.embedded import start
from bench.interpreter import CHECKOUT
from bench.processor import parent_of

NAME = "linli_bench"


@contextmanager
def fresh_database(environ: Mapping[str, str]) -> Iterator[str]:
    """Give the URL of an empty database ``linli_bench``; one that is there is dropped first.

    It lies on the server of DATABASE_URL, else on an embedded server that stops afterwards.
    """
    given = environ.get("DATABASE_URL", "").strip()
    if given:
        yield _made_anew(given)
        return
    server = start(CHECKOUT / ".linli" / "bench-postgres")
    try:
        yield _made_anew(server.url)
    finally:
        server.stop()


def _made_anew(url: str) -> str:
    place = make_url(url).set(drivername="postgresql")
    door = place.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(door, autocommit=True) as connection:
        name = sql.Identifier(NAME)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
    return place.set(database=NAME).render_as_string(hide_password=False)


def server_process(url: str) -> int | None:
    """Return the process id of the PostgreSQL server if it runs on this machine."""
    with psycopg.connect(url) as connection:
        if connection.info.host and not connection.info.host.startswith("/"):
            return None
        return parent_of(connection.info.backend_pid)
