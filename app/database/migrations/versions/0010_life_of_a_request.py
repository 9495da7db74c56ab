"""The whole life of a request: rounds, clock, recusal, supervision, merging."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN_BEFORE = "state IN ('filed', 'dispatched', 'claimed')"
OPEN = "state IN ('filed', 'dispatched', 'signed', 'claimed', 'waiting', 'objected')"

COLUMNS: tuple[sa.Column[object], ...] = (
    sa.Column("filed_by", sa.Uuid(), nullable=True),
    sa.Column("mandate_id", sa.Uuid(), nullable=True),
    sa.Column("hotline_number", sa.Text(), nullable=True),
    sa.Column("confidential", sa.Boolean(), server_default="false", nullable=False),
    sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
    sa.Column("content", sa.LargeBinary(), nullable=True),
    sa.Column("against_account", sa.Uuid(), nullable=True),
    sa.Column("against_department", sa.Text(), nullable=True),
    sa.Column("first_department", sa.Text(), nullable=True),
    sa.Column("helpers", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    sa.Column("help_open", sa.SmallInteger(), server_default="0", nullable=False),
    sa.Column("unit_final", sa.Boolean(), server_default="false", nullable=False),
    sa.Column("why", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("pausable", sa.Boolean(), server_default="false", nullable=False),
    sa.Column("clock_from", sa.DateTime(timezone=True), nullable=True),
    sa.Column("limit_stage", sa.Text(), nullable=True),
    sa.Column("limit_count", sa.Integer(), nullable=True),
    sa.Column("limit_unit", sa.Text(), nullable=True),
    sa.Column("extension", sa.Text(), nullable=True),
    sa.Column("extra_count", sa.Integer(), nullable=True),
    sa.Column("extra_unit", sa.Text(), nullable=True),
    sa.Column("claim_due_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("rung", sa.SmallInteger(), server_default="0", nullable=False),
    sa.Column("next_rung_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("round", sa.SmallInteger(), server_default="1", nullable=False),
    sa.Column("planned_for", sa.Date(), nullable=True),
    sa.Column("reopen_until", sa.DateTime(timezone=True), nullable=True),
    sa.Column("master_id", sa.Uuid(), nullable=True),
    sa.Column("members", sa.SmallInteger(), server_default="0", nullable=False),
)

OF_OPEN = {
    "ix_service_request_open_place": ["place"],
    "ix_service_request_open_matter_place": ["matter_code", "place"],
    "ix_service_request_grid": ["grid_code", "deadline_at"],
    "ix_service_request_department": ["department_code", "deadline_at"],
}


def _index_again(predicate: str) -> None:
    for name, columns in OF_OPEN.items():
        op.drop_index(name, table_name="service_request")
        using = "gist" if "place" in columns else "btree"
        op.create_index(
            name, "service_request", columns, postgresql_using=using, postgresql_where=predicate
        )


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("service_request", column._copy())
    op.alter_column("service_request", "account_id", nullable=True)
    op.alter_column("service_request", "department_code", nullable=True)
    _index_again(OPEN)
    op.create_index("ix_service_request_open", "service_request", ["id"], postgresql_where=OPEN)
    op.create_index(
        "ix_service_request_next_rung",
        "service_request",
        ["next_rung_at", "id"],
        postgresql_where="next_rung_at IS NOT NULL",
    )
    op.create_index(
        "ix_service_request_master",
        "service_request",
        ["master_id"],
        postgresql_where="master_id IS NOT NULL",
    )
    op.create_index(
        "ux_service_request_hotline_number",
        "service_request",
        ["hotline_number"],
        unique=True,
        postgresql_where="hotline_number IS NOT NULL",
    )
    op.add_column(
        "rating", sa.Column("round", sa.SmallInteger(), server_default="1", nullable=False)
    )
    op.drop_constraint("pk_rating", "rating")
    op.create_primary_key("pk_rating", "rating", ["request_id", "round"])


def downgrade() -> None:
    op.execute("DELETE FROM rating WHERE round > 1")
    op.drop_constraint("pk_rating", "rating")
    op.drop_column("rating", "round")
    op.create_primary_key("pk_rating", "rating", ["request_id"])
    for name in (
        "ux_service_request_hotline_number",
        "ix_service_request_master",
        "ix_service_request_next_rung",
        "ix_service_request_open",
    ):
        op.drop_index(name, table_name="service_request")
    _index_again(OPEN_BEFORE)
    op.execute("DELETE FROM service_request WHERE account_id IS NULL OR department_code IS NULL")
    op.alter_column("service_request", "department_code", nullable=False)
    op.alter_column("service_request", "account_id", nullable=False)
    for column in reversed(COLUMNS):
        op.drop_column("service_request", column.name)
