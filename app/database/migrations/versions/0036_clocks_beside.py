"""What the clocks beside a case were reckoned from, so that they can be reckoned again."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BESIDE = ("request_task", "request_objection", "request_visit")


def upgrade() -> None:
    for table in BESIDE:
        op.add_column(table, sa.Column("limit_count", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("limit_unit", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("calendar_version", sa.Text(), nullable=True))
        if table != "request_task":
            provisional: sa.Column[bool] = sa.Column(
                "provisional", sa.Boolean(), server_default="false", nullable=False
            )
            op.add_column(table, provisional)
    op.add_column(
        "service_request", sa.Column("claim_from", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("service_request", sa.Column("claim_count", sa.Integer(), nullable=True))
    op.add_column("service_request", sa.Column("claim_unit", sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("claim_unit", "claim_count", "claim_from"):
        op.drop_column("service_request", name)
    for table in BESIDE:
        for name in ("calendar_version", "limit_unit", "limit_count"):
            op.drop_column(table, name)
        if table != "request_task":
            op.drop_column(table, "provisional")
