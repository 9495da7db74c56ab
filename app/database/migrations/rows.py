"""Row-level policies, as migrations write them."""

import re

from alembic import op

ASKED = re.compile(r"linli_(sees_all|is_staff|account|resident)\(\)")


def guard_rows(table: str, own: str, *, staff: bool = False, anybody_adds: bool = False) -> None:
    """Let a row be reached by whose it is, by what looks beyond, and by staff where that is said.

    ``own``: SQL that tells whose the row is, e.g. ``account_id = linli_account()``.
    ``anybody_adds``: a row may be added that who adds it cannot read (a message to somebody).
    """
    reach = " OR ".join(["linli_sees_all()", *(["linli_is_staff()"] if staff else []), own])
    reach = asked_once(reach)
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY reach ON {table} USING ({reach})")
    if anybody_adds:
        op.execute(f"CREATE POLICY adding ON {table} FOR INSERT WITH CHECK (true)")


def asked_once(condition: str) -> str:
    """Return a condition that asks for the sight once a statement: a third more, not twice more.

    The server then reckons it before the first row, as it would a constant.
    """
    return ASKED.sub(r"(SELECT \g<0>)", condition)


def release_rows(table: str) -> None:
    """Take the policies of a table away."""
    op.execute(f"DROP POLICY IF EXISTS adding ON {table}")
    op.execute(f"DROP POLICY reach ON {table}")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
