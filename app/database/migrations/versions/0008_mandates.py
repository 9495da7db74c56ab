"""Mandates: one person acts for another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_account_id", sa.Uuid(), nullable=False),
        sa.Column("agent_resident_id", sa.Uuid(), nullable=False),
        sa.Column("principal_resident_id", sa.Uuid(), nullable=False),
        sa.Column("matters", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("powers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("desk_first_by", sa.Uuid(), nullable=True),
        sa.Column("desk_first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_how", sa.Text(), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "agent_resident_id <> principal_resident_id", name=op.f("ck_mandate_two_people")
        ),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_mandate_period")),
        sa.CheckConstraint(
            "desk_first_by <> signed_by OR signed_how <> 'desk'",
            name=op.f("ck_mandate_two_staff"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index("ix_mandate_agent", "mandate", ["agent_account_id", "id"])
    op.create_index("ix_mandate_principal", "mandate", ["principal_resident_id", "id"])
    op.create_index("ix_mandate_valid_to", "mandate", ["valid_to"])
    op.create_index(
        "uq_mandate_proposed",
        "mandate",
        ["agent_account_id", "principal_resident_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )


def downgrade() -> None:
    op.drop_table("mandate")
