"""The server that the suite runs on, and its template: made once, by whoever needs it first.

``DATABASE_URL`` names a server to use; otherwise an embedded one is started in a temporary folder.
The template is built by the real migrations and by loading the sample district through the
exchange; each worker process clones it.
"""

import base64
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.database import db
from app.database.embedded import EmbeddedServer, start
from app.database.reading import libpq_url

ROOT = Path(__file__).resolve().parents[1]
RECORDS = ROOT / "sample" / "records"
RUN = "LINLI_TEST_RUN"


def run_folder() -> Path:
    """Return the folder that this run of the suite shares between its processes."""
    return Path(os.environ[RUN])


def server_url() -> str:
    """Return the server's URL, starting the embedded one if this run has none yet."""
    note = run_folder() / "server-url"
    with _lock("server"):
        if not note.exists():
            given = os.environ.get("DATABASE_URL")
            note.write_text(given or start(run_folder() / "postgres").url)
    return note.read_text()


def template() -> str:
    """Return the name of the template database, building it if this run has none yet."""
    name = f"linli_template_{_run_name()}"
    note = run_folder() / "template-built"
    with _lock("template"):
        if not note.exists():
            create_database(name, "template0")
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"]
            environ = {**os.environ, **environment(database_url(name), run_folder())}
            done = subprocess.run(
                [*command, "--sample", str(RECORDS)],
                cwd=ROOT,
                env=environ,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"the template could not be built:\n{done.stdout}{done.stderr}")
            with admin() as connection:  # tests write past the product's triggers, by its own hand
                connection.execute("GRANT SET ON PARAMETER session_replication_role TO linli_app")
            note.touch()
    return name


def clone(suffix: str) -> str:
    """Return the URL of a fresh copy of the template."""
    original = template()
    name = f"linli_test_{_run_name()}_{suffix}"
    with _lock("template"):  # a template that somebody is copying cannot be copied
        create_database(name, original)
    return database_url(name)


def create_database(name: str, original: str) -> None:
    """Create a database as a copy of another."""
    with admin() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"'.encode())


def drop_database(url: str) -> None:
    """Drop the database of a URL."""
    with admin() as connection:
        name = make_url(url).database
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def database_url(name: str) -> str:
    """Return the URL of a database on the suite's server."""
    return libpq_url(make_url(server_url()).set(database=name))


def owner_url(url: str) -> str:
    """Return the URL of a database for whoever owns its tables."""
    server = make_url(server_url())
    return libpq_url(make_url(url).set(username=server.username or "", password=server.password))


def owner() -> psycopg.Connection:
    """Return a connection to the application's database as the owner of its tables."""
    url = db.engine.url.render_as_string(hide_password=False)
    return psycopg.connect(owner_url(url), autocommit=True)


def product_url(url: str) -> str:
    """Return the URL of a database for the product, whose role owns nothing."""
    return libpq_url(make_url(url).set(username="linli_app", password="linli"))


@contextmanager
def admin() -> Iterator[psycopg.Connection]:
    """Yield a connection that may create databases."""
    with psycopg.connect(database_url("postgres"), autocommit=True) as connection:
        yield connection


def tear_down() -> None:
    """Drop what this run made, and stop the server if it was ours."""
    if not (run_folder() / "server-url").exists():
        return
    with admin() as connection:
        mine = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"linli_%{_run_name()}%"]
        ).fetchall()
        for (name,) in mine:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
    if not os.environ.get("DATABASE_URL"):
        server: EmbeddedServer = start(run_folder() / "postgres")
        server.delete()


def environment(url: str, folder: Path) -> Mapping[str, str]:
    """Return the settings of a test installation whose keys are the same in every process."""
    return {
        "LINLI_ENV": "test",
        "DATABASE_URL": product_url(url),
        "LINLI_OWNER_URL": owner_url(url),
        "LINLI_JWT_KEY": _key("jwt"),
        "LINLI_DATA_KEYS": f"1:{_key('data')}",
        "LINLI_WRAPPING_KEYS": f"1:{_key('wrapping')}",
        "LINLI_INDEX_KEYS": f"1:{_key('index')}",
        "LINLI_FINGERPRINT_KEY": _key("fingerprint"),
        "LINLI_CURSOR_KEY": _key("cursor"),
        "LINLI_SMS": "print",
        "LINLI_SMS_COPY": str(folder / "sms.jsonl"),
        "LINLI_EXCHANGE_OUT": str(folder / "exchange-out"),
    }


def _key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(f"test {name}".encode()).digest()).decode()


def _run_name() -> str:
    return hashlib.sha256(str(run_folder()).encode()).hexdigest()[:10]


@contextmanager
def _lock(name: str) -> Iterator[None]:
    with (run_folder() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
