"""A row that was put aside keeps its version, so that what is older does not close it.

Rows of before say none, and are closed by whatever comes of their key, as they were. One for a code
that was taken has no key in its raw row either: told again, it stands beside a new one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sync_quarantine", sa.Column("ver", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("sync_quarantine", "ver")
