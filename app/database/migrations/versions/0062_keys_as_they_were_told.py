"""A key that is kept to be compared remembers how its source writes it, where that is otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sync_seen", sa.Column("told", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("sync_seen", "told")
