"""Enterprises, and the mirror of their register."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enterprise",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("representative_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("representative_index", sa.LargeBinary(), nullable=True),
        sa.Column("contact_account_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_enterprise")),
    )
    for column in ("area_code", "representative_index", "contact_account_id"):
        op.create_index(op.f(f"ix_enterprise_{column}"), "enterprise", [column])
    op.create_table(
        "src_enterprises",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("representative_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("representative_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("representative_number_index", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_enterprises")),
    )
    op.create_index("ix_src_enterprises_credit_code", "src_enterprises", ["credit_code"])
    op.create_index(
        "ix_src_enterprises_area_code",
        "src_enterprises",
        ["area_code"],
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("src_enterprises")
    op.drop_table("enterprise")
