"""An outcome that the district will never take can be given up."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("given_up_at", MOMENT, nullable=True))
    op.add_column("outbox", sa.Column("given_up_because", sa.Text(), nullable=True))
    op.add_column(
        "outbox", sa.Column("skips", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_outbox_given_up",
        "outbox",
        ["given_up_at", "id"],
        postgresql_where=sa.text("given_up_at IS NOT NULL"),
    )
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id"],
        postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.create_index(
        "ix_outbox_waiting", "outbox", ["id"], postgresql_where=sa.text("sent_at IS NULL")
    )
    op.drop_index("ix_outbox_given_up", table_name="outbox")
    for column in ("skips", "given_up_because", "given_up_at"):
        op.drop_column("outbox", column)
