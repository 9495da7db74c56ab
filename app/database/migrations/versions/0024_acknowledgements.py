"""Ladders of acknowledgements, visits, and how far an audience is counted."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations.rows import guard_rows, release_rows

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("notice", sa.Column("counted_upto", sa.Text(), nullable=True))
    op.create_index(
        "ix_notice_duty",
        "notice",
        ["ack_by"],
        postgresql_where=sa.text("needs_ack AND state = 'published'"),
    )
    op.create_table(
        "notice_rung",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("upto", sa.Text(), server_default="", nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("notice_id", "rung", name=op.f("pk_notice_rung")),
    )
    op.create_index(
        "ix_notice_rung_due",
        "notice_rung",
        ["due_at"],
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix_notice_rung_done_at"), "notice_rung", ["done_at"])
    op.create_table(
        "notice_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("absences", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_visit")),
    )
    op.create_index("uq_notice_visit", "notice_visit", ["notice_id", "resident_id"], unique=True)
    op.create_index(
        "ix_notice_visit_open",
        "notice_visit",
        ["grid_code", "id"],
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix_notice_visit_done_at"), "notice_visit", ["done_at"])
    guard_rows("inbox_state", "account_id = linli_account()")
    guard_rows("notice_visit", "resident_id = linli_resident()", staff=True)


def downgrade() -> None:
    release_rows("inbox_state")
    op.drop_table("notice_visit")
    op.drop_table("notice_rung")
    op.drop_index("ix_notice_duty", table_name="notice")
    op.drop_column("notice", "counted_upto")
