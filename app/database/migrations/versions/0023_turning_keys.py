"""How far a turn of the keys has come."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_turn",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealing", sa.SmallInteger(), nullable=False),
        sa.Column("finding", sa.SmallInteger(), nullable=False),
        sa.Column("block", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("turned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("left_over", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_turn")),
    )


def downgrade() -> None:
    op.drop_table("key_turn")
