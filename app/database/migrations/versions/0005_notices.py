"""Notices, their targets and receipts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("area_codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_seq", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("publish_seq", name=op.f("uq_notice_publish_seq")),
    )
    op.create_index(
        "ix_notice_areas", "notice", ["area_codes"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "notice_receipt",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "seq", name=op.f("pk_notice_receipt")),
    )
    op.create_table(
        "notice_target",
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("area_code", "seq", name=op.f("pk_notice_target")),
    )
    op.create_index("ix_notice_target_expires_at", "notice_target", ["expires_at"], unique=False)
    op.create_index(
        op.f("ix_notice_target_notice_id"), "notice_target", ["notice_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_notice_target_notice_id"), table_name="notice_target")
    op.drop_index("ix_notice_target_expires_at", table_name="notice_target")
    op.drop_table("notice_target")
    op.drop_table("notice_receipt")
    op.drop_index("ix_notice_areas", table_name="notice", postgresql_using="gin")
    op.drop_table("notice")
