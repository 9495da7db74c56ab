"""With what somebody has put aside stands who they were then: it covers what they were shown.

Who moved or took a post was shown as read what stood there, and never told of it. Rows of before say
nothing of then, and count as they did; taken back, all rows count so.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

TEXTS, NUMBERS = postgresql.ARRAY(sa.Text()), postgresql.ARRAY(sa.Integer())


def upgrade() -> None:
    op.add_column("inbox_state", sa.Column("places", TEXTS, nullable=True))
    op.add_column("inbox_state", sa.Column("people", NUMBERS, nullable=True))
    op.add_column("inbox_state", sa.Column("matters", TEXTS, nullable=True))


def downgrade() -> None:
    for name in ("places", "people", "matters"):
        op.drop_column("inbox_state", name)
