"""An outcome says whether its content was withheld after somebody may have heard it.

Of rows of before it is not known; they count as never withheld, and end as they did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbox",
        sa.Column("withheld_late", sa.Boolean(), server_default="false", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("outbox", "withheld_late")
