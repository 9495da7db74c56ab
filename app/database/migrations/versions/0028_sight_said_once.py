"""A sight stands in one setting, and policies ask for it once a statement, not once a row."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations.rows import asked_once

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

WORD = "split_part(current_setting('linli.sight', true), ' ', {n})"
NOW = {
    "sees_all": ("boolean", f"{WORD.format(n=1)} IN ('beyond', 'system')"),
    "is_staff": ("boolean", f"{WORD.format(n=1)} = 'staff'"),
    "account": ("uuid", f"nullif({WORD.format(n=2)}, '')::uuid"),
    "resident": ("uuid", f"nullif({WORD.format(n=3)}, '')::uuid"),
}
BEFORE = {
    "sees_all": ("boolean", "current_setting('linli.sight', true) IN ('beyond', 'system')"),
    "is_staff": ("boolean", "current_setting('linli.sight', true) = 'staff'"),
    "account": ("uuid", "nullif(current_setting('linli.account', true), '')::uuid"),
    "resident": ("uuid", "nullif(current_setting('linli.resident', true), '')::uuid"),
}
A_ROW = """
SELECT tablename, qual FROM pg_policies
WHERE schemaname = 'public' AND policyname = 'reach' AND qual !~* 'SELECT linli_'
"""


def upgrade() -> None:
    _say(NOW)
    for table, reach in op.get_bind().execute(sa.text(A_ROW)).all():
        op.execute(f"ALTER POLICY reach ON {table} USING ({asked_once(reach)})")


def downgrade() -> None:
    _say(BEFORE)


def _say(functions: dict[str, tuple[str, str]]) -> None:
    for name, (what, sql) in functions.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION linli_{name}() RETURNS {what}"
            f" LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT {sql} $$"
        )
