"""Tickets that let a page open a stream."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations.rows import guard_rows

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_ticket")),
    )
    op.create_index(op.f("ix_live_ticket_account_id"), "live_ticket", ["account_id"])
    op.create_index(op.f("ix_live_ticket_expires_at"), "live_ticket", ["expires_at"])
    guard_rows("live_ticket", "account_id = linli_account()")


def downgrade() -> None:
    op.drop_table("live_ticket")
