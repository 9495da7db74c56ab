"""The session, the only transaction, and statements in the server's own words.

Statements go straight to the driver, which prepares those it sees again; the rows come back as
named tuples. A read outside a deed opens no transaction: see app/database/reading.py.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Token
from typing import Any

import psycopg
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from app.database.reading import apart, connection_options, run
from app.database.sight import Kind, Sight, current_sight, look_as, look_back
from app.settings import Settings

db = SQLAlchemy(session_options={"expire_on_commit": False})


def engine_settings(settings: Settings) -> dict[str, object]:
    """Return Flask-SQLAlchemy's settings: bounded waits, and no values in errors."""
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.pool_size,
            "max_overflow": 0,
            "pool_timeout": 2,
            "pool_recycle": 300,
            "hide_parameters": True,
            "connect_args": connection_options(settings),
        },
    }


@contextmanager
def transaction() -> Iterator[Session]:
    """Run a deed: all of it is written, or nothing is.

    Nested blocks join the outermost one, which commits. Nothing else in the product commits.
    No network call belongs inside: the locks would be held for as long as it takes.

    Raises:
        RuntimeError: a nested block failed and somebody caught that; half a deed is not written.
    """
    session = db.session()
    if session.info.get("deed"):
        with _spoiling(session):
            yield session
        return
    session.info["deed"] = "whole"
    try:
        session.info["held"] = session.connection().connection
        _see(session)
        yield session
        if session.info["deed"] == "spoilt":
            raise RuntimeError("a part of the deed failed, and that was caught inside it")
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["deed"] = session.info["held"] = None


def _see(session: Session, sight: Sight | None = None) -> None:
    """Tell the server in whose sight the deed is done; its policies hold to that until the end."""
    held = session.info["held"]
    with _noticing_loss(held):
        held.driver_connection.execute((sight or current_sight()).said(deed=True), prepare=False)


@contextmanager
def _spoiling(session: Session) -> Iterator[None]:
    try:
        yield
    except BaseException:
        session.info["deed"] = "spoilt"
        raise


def see_as(sight: Sight) -> Token[Sight]:
    """Go on in another sight, also in a deed that has begun; ``look_back`` takes the token."""
    token = look_as(sight)
    _see_anew()
    return token


@contextmanager
def beyond() -> Iterator[None]:
    """Let what is inside reach rows that are not the caller's; what it may do it checks itself.

    For deeds that by their nature look further: signing in, matching a person to the register.
    """
    before = current_sight()
    if before.kind == Kind.SYSTEM:
        yield
        return
    token = see_as(Sight(Kind.BEYOND, before.account_id, before.resident_id))
    try:
        yield
        _see_anew(before)
    finally:
        look_back(token)


def _see_anew(sight: Sight | None = None) -> None:
    """Change the sight of a deed that has begun; one that failed is over whatever it sees."""
    session = db.session() if db.session.registry.has() else None
    if session is not None and session.info.get("deed"):
        session.flush()  # what was added so far was added in the sight so far
        _see(session, sight)


@contextmanager
def together() -> Iterator[None]:
    """Send the writes inside in one round trip; none of them may return rows that are needed."""
    driver: Any = db.session().info["held"].driver_connection
    with driver.pipeline():
        yield


def read(sql: str, params: Mapping[str, object] | None = None) -> list[Any]:
    """Run one SELECT and return its rows; parameters are written ``%(name)s``.

    Inside ``transaction()`` it sees what the deed has written; outside it costs one round trip.
    """
    if db.session.registry.has() and db.session().info.get("deed"):
        return write(sql, params)
    return apart(sql, params)


def write(sql: str, params: Mapping[str, object] | None = None) -> list[Any]:
    """Run one statement of a deed and return what it RETURNs.

    It belongs inside ``transaction()``, and says so if it is not.
    """
    session = db.session()
    if not session.info.get("deed"):
        raise RuntimeError("a write outside transaction()")
    session.flush()  # a deed sees what it has added
    held = session.info["held"]
    with _noticing_loss(held):
        return run(held.driver_connection, sql, params)


@contextmanager
def _noticing_loss(held: Any) -> Iterator[None]:
    """Where the server went away, what is idle in the pool is dead, too."""
    driver = held.driver_connection
    try:
        yield
    except psycopg.OperationalError:
        if driver.closed:
            held.invalidate()
            db.engine.dispose()
        raise
