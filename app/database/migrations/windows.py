"""Windows in the wall: views that show some columns of a guarded table, as migrations write them.

A view reads as its owner does. Windows belong to a role of their own, for which a policy without a
condition stands: it adds nothing to a query, so that the server may use any index, even by an
operator that is not leakproof. What a window shows is what its columns and its own condition let
through; the role may read no other column. It cannot sign in, and nobody is a member of it.
"""

from collections.abc import Iterable

from alembic import op

WINDOW = "linli_window"

# Several databases of one server share their roles, and two may be prepared at once.
MADE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{WINDOW}') THEN
    CREATE ROLE {WINDOW} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE insufficient_privilege USING MESSAGE =
      'the owner of the tables may not make the role {WINDOW}, whoever runs the server does';
END $$
"""

# Who gives a view away must be able to act as whom it is given to, who must be able to make one.
# Both are taken back; the owner of the tables goes on granting the view to the product's role.
GIVEN = """
DO $$ DECLARE
  owner name := current_user;
  acts text := CASE WHEN current_setting('server_version_num')::int < 160000
    THEN 'MEMBER' ELSE 'SET' END;
  joins boolean := NOT pg_has_role('{window}', acts);
BEGIN
  IF joins THEN
    EXECUTE format('GRANT {window} TO %I', owner);
  END IF;
  GRANT CREATE ON SCHEMA public TO {window};
  ALTER VIEW {view} OWNER TO {window};
  SET LOCAL ROLE {window};
  EXECUTE format('GRANT SELECT ON {view} TO %I WITH GRANT OPTION', owner);
  EXECUTE format('SET LOCAL ROLE %I', owner);
  REVOKE CREATE ON SCHEMA public FROM {window};
  IF joins THEN
    EXECUTE format('REVOKE {window} FROM %I', owner);
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE insufficient_privilege USING MESSAGE =
    'the owner of the tables may not give a view to the role {window}, or is no member of it';
END $$
"""


def make_window_role() -> None:
    """Make the role that windows belong to, if the server has none yet.

    Raises:
        sqlalchemy.exc.ProgrammingError: there is none, and the owner may not make roles.
    """
    op.execute(MADE)


def look_through(table: str, columns: Iterable[str]) -> None:
    """Let windows read these columns of a guarded table, of every row, and no others."""
    op.execute(f"CREATE POLICY windows ON {table} FOR SELECT TO {WINDOW} USING (true)")
    op.execute(f"GRANT SELECT ({', '.join(sorted(columns))}) ON {table} TO {WINDOW}")


def open_window(view: str, sql: str) -> None:
    """Make a view over what windows may read.

    It is no ``security_barrier``: a condition of a query may come before the view's own, as an
    index wants it.

    Raises:
        sqlalchemy.exc.ProgrammingError: the owner may not give it to the role of windows.
    """
    op.execute(f"CREATE VIEW {view} AS {sql}")
    op.execute(GIVEN.format(view=view, window=WINDOW))


def shut_windows(table: str, columns: Iterable[str], *views: str) -> None:
    """Take windows away; the role stays, for other databases of the server."""
    for view in views:
        op.execute(f"DROP VIEW {view}")
    op.execute(f"DROP POLICY windows ON {table}")
    named = ", ".join(sorted(columns))
    op.execute(f"REVOKE SELECT ({named}) ON {table} FROM {WINDOW}")  # noqa: S608  names of ours
