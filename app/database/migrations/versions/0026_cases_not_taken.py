"""Cases that are not taken, and the one review of that."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service_request", sa.Column("declining", sa.Text(), nullable=True))
    op.create_table(
        "request_decline",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("declined_by", sa.Uuid(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("limit_count", sa.Integer(), nullable=True),
        sa.Column("limit_unit", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=True),
        sa.Column("calendar_version", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_decline")),
    )
    op.create_index(
        "ix_request_decline_open",
        "request_decline",
        ["due_at", "request_id"],
        postgresql_where="contested_at IS NOT NULL AND reviewed_at IS NULL",
    )


def downgrade() -> None:
    op.drop_table("request_decline")
    op.drop_column("service_request", "declining")
