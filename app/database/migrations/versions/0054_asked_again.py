"""Asking again is a message of its own, withdrawals are told, and browsers say since when."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

LEDGER = "uq_text_ledger_phone"
CAMPAIGN = "uq_delivery_campaign_notice"


def upgrade() -> None:
    op.add_column(
        "text_ledger", sa.Column("rung", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.drop_index(LEDGER, table_name="text_ledger")
    op.create_index(LEDGER, "text_ledger", ["notice_id", "phone_index", "rung"], unique=True)
    op.add_column("delivery_retry", sa.Column("rung", sa.Text(), nullable=True))
    op.add_column(
        "delivery_campaign",
        sa.Column("over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.drop_index(CAMPAIGN, table_name="delivery_campaign")
    op.create_index(CAMPAIGN, "delivery_campaign", ["notice_id", "channel", "over"], unique=True)
    op.add_column(
        "push_subscription", sa.Column("since", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE push_subscription SET since = made_at")
    op.alter_column("push_subscription", "since", nullable=False)


def downgrade() -> None:
    op.drop_column("push_subscription", "since")
    op.execute("DELETE FROM delivery_campaign WHERE over")
    op.drop_index(CAMPAIGN, table_name="delivery_campaign")
    op.create_index(CAMPAIGN, "delivery_campaign", ["notice_id", "channel"], unique=True)
    op.drop_column("delivery_campaign", "over")
    op.drop_column("delivery_retry", "rung")
    op.drop_index(LEDGER, table_name="text_ledger")
    op.execute("DELETE FROM text_ledger WHERE rung <> ''")
    op.create_index(LEDGER, "text_ledger", ["notice_id", "phone_index"], unique=True)
    op.drop_column("text_ledger", "rung")
