"""Within what time a request for correction is answered, as dated rules with their basis."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

THE_LAW = """
INSERT INTO correction_limit (sid, count, unit, legal_basis, valid_from)
VALUES ('CN-809', 10, 'working_days', '政务数据共享条例（国务院令第809号）', '2025-08-01')
"""


def upgrade() -> None:
    op.create_table(
        "correction_limit",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_correction_limit")),
    )
    op.execute(THE_LAW)
    op.add_column("correction", sa.Column("limit_basis", sa.Text(), nullable=True))
    op.create_table(
        "src_correction_limits",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_correction_limits")),
    )


def downgrade() -> None:
    op.drop_table("src_correction_limits")
    op.drop_column("correction", "limit_basis")
    op.drop_table("correction_limit")
