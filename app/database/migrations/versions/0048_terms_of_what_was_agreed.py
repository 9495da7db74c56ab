"""What was agreed to, and guardianships, go three years after their end: found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

ENDS = {"consent": "withdrawn_at", "guardianship": "ended_at", "guardian_consent": "withdrawn_at"}


def upgrade() -> None:
    for table, end in ENDS.items():
        over = sa.text(f"{end} IS NOT NULL")
        op.create_index(f"ix_{table}_{end}", table, [end], postgresql_where=over)


def downgrade() -> None:
    for table, end in ENDS.items():
        op.drop_index(f"ix_{table}_{end}", table_name=table)
