"""The session, the only transaction, and reads that open none."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from app.settings import Settings

db = SQLAlchemy(session_options={"expire_on_commit": False})

_queries: ContextVar[int] = ContextVar("queries", default=0)

AUTOCOMMIT = {"isolation_level": "AUTOCOMMIT"}


def engine_options(settings: Settings) -> dict[str, object]:
    """Return how each process talks to the server: bounded waits, no values in its errors."""
    limits = {
        "statement_timeout": settings.statement_timeout_ms,
        "lock_timeout": 2000,
        "idle_in_transaction_session_timeout": 10_000,
        "timezone": "UTC",
        "jit": "off",
    }
    return {
        "pool_size": settings.pool_size,
        "max_overflow": 0,
        "pool_timeout": 2,
        "pool_recycle": 300,
        "pool_pre_ping": False,
        "hide_parameters": True,
        "connect_args": {
            "connect_timeout": 3,
            "tcp_user_timeout": 5000,
            "keepalives_idle": 30,
            "prepare_threshold": 3,
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        },
    }


@contextmanager
def transaction() -> Iterator[Session]:
    """Run a deed: all of it is written, or nothing is.

    Nested blocks join the outermost one, which commits. Nothing else in the product commits.
    No network call belongs inside: the locks would be held for as long as it takes.
    """
    session = db.session()
    if session.info.get("in_deed"):
        yield session
        return
    session.rollback()  # gives back the autocommit connection of earlier reads, no round trip
    session.info["in_deed"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_deed"] = False


def read(sql: str, params: Mapping[str, object] | None = None) -> list[Row[Any]]:
    """Run one SELECT in the server's own words and return its rows.

    Inside ``transaction()`` it sees what the deed has written; outside it opens no transaction,
    so it costs one round trip. Parameters are written ``%(name)s``.
    """
    _queries.set(_queries.get() + 1)
    return list(_connection().exec_driver_sql(sql, params or {}))


def write(sql: str, params: Mapping[str, object]) -> list[Row[Any]]:
    """Run one statement of a deed in the server's own words and return what it RETURNs.

    It belongs inside ``transaction()``, and says so if it is not.
    """
    if not db.session().info.get("in_deed"):
        raise RuntimeError("a write outside transaction()")
    _queries.set(_queries.get() + 1)
    result = db.session().connection().exec_driver_sql(sql, dict(params))
    return list(result) if result.returns_rows else []


def apart(sql: str, params: Mapping[str, object]) -> list[Row[Any]]:
    """Run one statement that stays, whatever becomes of the deed around it.

    It has a connection and a commit of its own: for counting tries, which must outlive the refusal
    that they lead to.
    """
    _queries.set(_queries.get() + 1)
    with db.engine.begin() as connection:
        return list(connection.exec_driver_sql(sql, dict(params)))


def queries_so_far() -> int:
    """Return how many statements this context has sent; take differences, nothing resets it."""
    return _queries.get()


def _connection() -> Connection:
    session = db.session()
    if session.in_transaction():
        return session.connection()
    return session.connection(execution_options=AUTOCOMMIT)
