"""The owner makes tables, the product reads and writes rows, and windows are nobody's to sign in.

The product's role owns nothing and never passes row-level policies by (BYPASSRLS), so that a fault
in a query cannot take the second wall down. Its name is the user of ``DATABASE_URL``; the owner
is the user of ``LINLI_OWNER_URL``. A third role has the windows in the wall, and no more than they
show: see app/database/migrations/windows.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError

from app.database.reading import conninfo_of

MADE = """
DO $$ BEGIN
  CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE {password};
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
GRANTED = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role};
"""
KNOWN = "SELECT 1 FROM pg_roles WHERE rolname = %s"


class RoleWanted(Exception):
    """The owner may not do what is needed; the message says what, and who does it first."""


@contextmanager
def as_owner() -> Iterator[None]:
    """Migrate and grant inside, as whoever owns the tables.

    Raises:
        RoleWanted: the server refused the owner something.
    """
    try:
        yield
    except (InsufficientPrivilege, ProgrammingError) as fault:
        refused = fault.orig if isinstance(fault, ProgrammingError) else fault
        if not isinstance(refused, InsufficientPrivilege):
            raise
        said = refused.diag.message_primary
        raise RoleWanted(f"{said}: see docs/operations.md#postgresql") from fault


def let_in(owner_url: str, product_url: str) -> bool:
    """Make the product's role if there is none, and grant it the rows; tell whether it is apart.

    Raises:
        psycopg.errors.InsufficientPrivilege: the owner may not make roles; whoever runs the
            server makes it first.
    """
    product, owner = make_url(product_url), make_url(owner_url)
    if not product.username or product.username == owner.username:
        return False
    role = sql.Identifier(product.username)
    password = sql.SQL("PASSWORD {}").format(product.password) if product.password else sql.SQL("")
    with psycopg.connect(conninfo_of(owner_url)) as connection:
        if not connection.execute(KNOWN, [product.username]).fetchone():
            connection.execute(sql.SQL(MADE).format(role=role, password=password))
        connection.execute(sql.SQL(GRANTED).format(role=role))
    return True
