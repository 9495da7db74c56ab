"""Consents for children, copies of one's data, what was shown to staff, and who has left."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations.rows import guard_rows, release_rows

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STANDING = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.add_column("consent", sa.Column("child_id", sa.Uuid(), nullable=True))
    op.add_column(
        "consent", sa.Column("edition", sa.SmallInteger(), server_default="1", nullable=False)
    )
    op.drop_index("uq_consent_standing", table_name="consent")
    op.create_index(
        "uq_consent_standing",
        "consent",
        ["account_id", "purpose", "child_id"],
        unique=True,
        postgresql_where=STANDING,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "holdings_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdings_export")),
    )
    op.create_index("ix_holdings_export_account", "holdings_export", ["account_id", "id"])
    op.create_index(
        "ix_holdings_export_due",
        "holdings_export",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_holdings_export_expires_at", "holdings_export", ["expires_at"])
    op.create_table(
        "reveal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_account", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
    )
    op.create_index("ix_reveal_resident", "reveal", ["resident_id", "id"])
    op.create_index("ix_reveal_by", "reveal", ["by_account", "id"])
    op.create_index("ix_reveal_at", "reveal", ["at"])
    op.create_table(
        "erasure",
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_erasure")),
    )


    guard_rows("holdings_export", "account_id = linli_account()")
    guard_rows("reveal", "resident_id = linli_resident()", staff=True)


def downgrade() -> None:
    release_rows("reveal")
    release_rows("holdings_export")
    for table in ("erasure", "reveal", "holdings_export"):
        op.drop_table(table)
    op.execute("DELETE FROM consent WHERE child_id IS NOT NULL")
    op.drop_index("uq_consent_standing", table_name="consent")
    op.create_index(
        "uq_consent_standing",
        "consent",
        ["account_id", "purpose"],
        unique=True,
        postgresql_where=STANDING,
    )
    op.drop_column("consent", "edition")
    op.drop_column("consent", "child_id")
