"""What the product demands of its PostgreSQL before it serves anybody."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from app.database.session import db

OLDEST = 150000
STANDING = """
SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT FROM pg_roles w
         WHERE w.rolname = 'linli_window' AND pg_has_role(w.oid, 'MEMBER')) AS passes,
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r'
               AND c.relnamespace = 'public'::regnamespace) AS owns
FROM pg_roles r WHERE r.rolname = current_user
"""
DEMANDED = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


class HasContext(Protocol):
    """A web application, as far as this room knows one."""

    def app_context(self) -> AbstractContextManager[Any]:
        """Return the context in which the session is bound."""


class UnsafeServer(Exception):
    """The server could lose what was acknowledged, or is too old; the message says why."""


def check_server(engine: Engine) -> None:
    """Refuse a server that may forget an acknowledged deed.

    A killed process shows ``synchronous_commit=off`` but never ``fsync=off`` (the page cache
    survives a kill, not a power cut), so the settings themselves are asked for.

    Raises:
        UnsafeServer: a durability setting is off, or the server is older than PostgreSQL 15.
    """
    with engine.connect() as connection:
        for name, wanted in DEMANDED.items():
            found = connection.scalar(text("SELECT current_setting(:name)"), {"name": name})
            if found != wanted:
                raise UnsafeServer(f"{name} is {found}; it must be {wanted}")
        version = int(connection.scalar(text("SHOW server_version_num")) or 0)
    if version < OLDEST:
        raise UnsafeServer(f"PostgreSQL {version // 10000} is too old; 15 or newer is needed")


def check_role(engine: Engine) -> None:
    """Refuse a role that row-level policies do not bind, or that could take them down.

    Raises:
        UnsafeServer: the role of ``DATABASE_URL`` is a superuser, has BYPASSRLS, is a member of
            the role that windows belong to, or owns tables.
    """
    with engine.connect() as connection:
        found = connection.execute(text(STANDING)).one()
    if found.passes:
        raise UnsafeServer("the role of DATABASE_URL passes row-level policies by")
    if found.owns:
        raise UnsafeServer("the role of DATABASE_URL owns tables: name an owner, LINLI_OWNER_URL")


def engine_of(url: str) -> Engine:
    """Return an engine that keeps no connection: for those who ask once."""
    return create_engine(url, poolclass=NullPool, hide_parameters=True)


def dispose_after_fork(app: HasContext) -> None:
    """Forget the parent's connections in a freshly forked process, without closing them there."""
    with app.app_context():
        db.engine.dispose(close=False)
