"""A fresh database for one run of the measurements, on the server that the product would use.

It is made by the owner, and served by the product's own role, behind the second wall: a wall that
is passed by costs nothing.
"""

import base64
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.database.embedded import start
from app.database.reading import libpq_url
from bench.interpreter import CHECKOUT
from bench.processor import parent_of

NAME = "linli_bench"
USER, PASSWORD = "linli_app", "linli"
KEYS = ("LINLI_JWT_KEY", "LINLI_FINGERPRINT_KEY", "LINLI_CURSOR_KEY")


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


def environment_of(environ: Mapping[str, str], url: str, folder: Path) -> dict[str, str]:
    """Return what the product and its peers are told of the database that ``url``'s user owns.

    Fresh keys, no messages, files in ``folder``, which passes.
    """
    return {
        **{name: value for name, value in environ.items() if not name.startswith("LINLI_")},
        **{name: _key() for name in KEYS},
        **{f"LINLI_{name}_KEYS": f"1:{_key()}" for name in ("DATA", "WRAPPING", "INDEX")},
        "LINLI_ENV": "development",
        "LINLI_SMS": "off",
        "LINLI_EXCHANGE_OUT": str(folder),
        "LINLI_OWNER_URL": url,
        "DATABASE_URL": libpq_url(make_url(url).set(username=USER, password=PASSWORD)),
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


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
