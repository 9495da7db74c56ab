"""Two roles: the owner makes tables, the product reads and writes rows.

The product's role owns nothing and never passes row-level policies by (BYPASSRLS), so that a fault
in a query cannot take the second wall down. Its name is the user of ``DATABASE_URL``; the owner
is the user of ``LINLI_OWNER_URL``.
"""

import psycopg
from psycopg import sql
from sqlalchemy import make_url

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
KNOWN = "SELECT FROM pg_roles WHERE rolname = %s"


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
