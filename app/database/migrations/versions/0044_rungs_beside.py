"""Clocks beside a case climb the ladder too: how far each is, and when it is looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

RUNNING = {
    "request_task": "answered_at IS NULL AND cancelled_at IS NULL",
    "request_objection": "decided_at IS NULL",
    "request_visit": "visited_at IS NULL",
    "request_decline": "contested_at IS NOT NULL AND reviewed_at IS NULL",
}


def upgrade() -> None:
    for table, running in RUNNING.items():
        rung: sa.Column[int] = sa.Column(
            "rung", sa.SmallInteger(), server_default="0", nullable=False
        )
        op.add_column(table, rung)
        op.add_column(
            table, sa.Column("next_rung_at", sa.DateTime(timezone=True), nullable=True)
        )
        op.create_index(
            f"ix_{table}_rung",
            table,
            [sa.text("coalesce(next_rung_at, due_at)")],
            postgresql_where=sa.text(running),
        )


def downgrade() -> None:
    for table in RUNNING:
        op.drop_index(f"ix_{table}_rung", table)
        op.drop_column(table, "next_rung_at")
        op.drop_column(table, "rung")
