"""The second wall: rows of a person are reached in that person's sight only."""

from alembic import op

from app.database.migrations.rows import guard_rows, release_rows

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MINE = "account_id = linli_account()"
GUARDED = {
    "idempotency_key": MINE,
    "notice_receipt": MINE,
    "consent": MINE,
    "sign_in_session": MINE,
}


def upgrade() -> None:
    op.execute(
        "CREATE FUNCTION linli_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$"
        " SELECT current_setting('linli.sight', true) IN ('beyond', 'system') $$"
    )
    op.execute(
        "CREATE FUNCTION linli_is_staff() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$"
        " SELECT current_setting('linli.sight', true) = 'staff' $$"
    )
    for who in ("account", "resident"):
        op.execute(
            f"CREATE FUNCTION linli_{who}() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$"
            f" SELECT nullif(current_setting('linli.{who}', true), '')::uuid $$"
        )
    for table, own in GUARDED.items():
        guard_rows(table, own)


def downgrade() -> None:
    for table in GUARDED:
        release_rows(table)
    for name in ("resident", "account", "is_staff", "sees_all"):
        op.execute(f"DROP FUNCTION linli_{name}()")
