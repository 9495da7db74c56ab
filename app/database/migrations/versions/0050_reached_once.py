"""Whoever a channel tries again is known by their own id, so that they are counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery_retry", sa.Column("key_id", sa.Uuid(), nullable=True))
    op.add_column(
        "delivery_retry",
        sa.Column("counted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_index("ix_delivery_retry_key", "delivery_retry", ["campaign_id", "key_id"])


def downgrade() -> None:
    op.drop_index("ix_delivery_retry_key", table_name="delivery_retry")
    op.drop_column("delivery_retry", "counted")
    op.drop_column("delivery_retry", "key_id")
