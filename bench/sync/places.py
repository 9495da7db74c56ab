"""Where the contestants write: two fresh databases on one server, which must forget nothing."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from app.database.roles import let_in
from bench.database import environment_of, fresh_database
from bench.interpreter import CHECKOUT
from bench.sync.processes import ask

PEERS = "linli_bench_peers"
SAFE = ("fsync", "full_page_writes", "synchronous_commit")
TOLD = ("server_version", *SAFE, "data_checksums", "wal_level", "shared_buffers", "max_wal_size")


class Unsafe(Exception):
    """The server may forget what it acknowledged, so that its speed means nothing."""


@dataclass(frozen=True, slots=True)
class Places:
    """The product's database with what it is told, and the one for COPY and the other loader."""

    ours: str
    peers: str
    environment: Mapping[str, str]
    settings: str


@contextmanager
def places(environ: Mapping[str, str], python: Path, out: Path) -> Iterator[Places]:
    """Make both databases on the server that the product would use, the product's migrated.

    Raises:
        Unsafe: fsync, full_page_writes or synchronous_commit is off.
    """
    with fresh_database(environ) as ours:
        settings = _settings(ours)
        environment = environment_of(environ, ours, out)
        prepare = [str(python), "-m", "flask", "--app", "wsgi", "prepare"]
        subprocess.run(prepare, env=environment, cwd=CHECKOUT, check=True, stdout=sys.stderr)
        ask(python, "bench.sync.ours", {}, environment | {"DATABASE_URL": ours})
        let_in(ours, environment["DATABASE_URL"])
        place = make_url(ours)
        try:
            _drop_peers(ours)
            with psycopg.connect(ours, autocommit=True) as connection:
                name = sql.Identifier(PEERS)
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
            yield Places(ours, _text(place.set(database=PEERS)), environment, settings)
        finally:
            _drop_peers(ours)


def url_with_everything(url: str) -> str:
    """Return the URL for those who insist on a host and a password, even through a socket."""
    place = make_url(url)
    return _text(place.set(host=place.host or "localhost", password=place.password or "none"))


def _drop_peers(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(PEERS)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _settings(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        found = {}
        for name in TOLD:
            row = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone()
            found[name] = row[0] if row else ""
    if off := [name for name in SAFE if found[name] == "off"]:
        raise Unsafe(f"{', '.join(off)} off: this server forgets what it acknowledged")
    return ", ".join(f"{name} {value}" for name, value in found.items())


def _text(place: URL) -> str:
    return place.render_as_string(hide_password=False)
