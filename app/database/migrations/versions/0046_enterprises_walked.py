"""Enterprises have an id drawn at random, by which they are walked together with residents."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drawn: sa.Column[UUID] = sa.Column(
        "id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
    )
    op.add_column("enterprise", drawn)
    op.create_unique_constraint(op.f("uq_enterprise_id"), "enterprise", ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("uq_enterprise_id"), "enterprise")
    op.drop_column("enterprise", "id")
