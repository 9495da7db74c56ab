"""What somebody wants to be told of by which channel, and their quiet hours."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations.rows import guard_rows

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_preference",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("refused", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notice_preference")),
    )
    guard_rows("notice_preference", "account_id = linli_account()")


def downgrade() -> None:
    op.drop_table("notice_preference")
