"""Matters, service points, service requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.earth import Cube

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE service_request_number")
    op.create_table(
        "matter",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("handled_by", sa.Text(), nullable=False),
        sa.Column("limit_count", sa.Integer(), nullable=False),
        sa.Column("limit_unit", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("level_required", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_matter")),
    )
    op.create_table(
        "point_matter",
        sa.Column("point_code", sa.Text(), nullable=False),
        sa.Column("matter_code", sa.Text(), nullable=False),
        sa.Column("depth", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("point_code", "matter_code", name=op.f("pk_point_matter")),
    )
    op.create_index("ix_point_matter_matter", "point_matter", ["matter_code"], unique=False)
    op.create_table(
        "rating",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_rating")),
    )
    op.create_table(
        "request_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
    )
    op.create_index("ix_request_event_request", "request_event", ["request_id", "id"], unique=False)
    op.create_table(
        "service_point",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("opens", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column(
            "place",
            Cube(),
            sa.Computed(
                "cube(ARRAY[cos(radians(lat)) * cos(radians(lng)), cos(radians(lat)) * sin(radians(lng)), sin(radians(lat))])",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_point")),
    )
    op.create_index(
        "ix_service_point_place", "service_point", ["place"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "service_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("matter_code", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("raw_lng", sa.Double(), nullable=False),
        sa.Column("raw_lat", sa.Double(), nullable=False),
        sa.Column("raw_crs", sa.Text(), nullable=False),
        sa.Column(
            "place",
            Cube(),
            sa.Computed(
                "cube(ARRAY[cos(radians(round(lat::numeric, 3)::float8)) * cos(radians(round(lng::numeric, 3)::float8)), cos(radians(round(lat::numeric, 3)::float8)) * sin(radians(round(lng::numeric, 3)::float8)), sin(radians(round(lat::numeric, 3)::float8))])",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("near_edge", sa.Boolean(), nullable=False),
        sa.Column("handled_by", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.Text(), nullable=False),
        sa.Column("paused_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
        sa.UniqueConstraint("number", name=op.f("uq_service_request_number")),
    )
    op.create_index(
        op.f("ix_service_request_claimed_by"), "service_request", ["claimed_by"], unique=False
    )
    op.create_index(
        "ix_service_request_department",
        "service_request",
        ["department_code", "deadline_at"],
        unique=False,
        postgresql_where="state IN ('filed', 'dispatched', 'claimed')",
    )
    op.create_index(
        "ix_service_request_grid",
        "service_request",
        ["grid_code", "deadline_at"],
        unique=False,
        postgresql_where="state IN ('filed', 'dispatched', 'claimed')",
    )
    op.create_index(
        "ix_service_request_mine", "service_request", ["account_id", "id"], unique=False
    )
    op.create_index(
        "ix_service_request_open_matter_place",
        "service_request",
        ["matter_code", "place"],
        unique=False,
        postgresql_using="gist",
        postgresql_where="state IN ('filed', 'dispatched', 'claimed')",
    )
    op.create_index(
        "ix_service_request_open_place",
        "service_request",
        ["place"],
        unique=False,
        postgresql_using="gist",
        postgresql_where="state IN ('filed', 'dispatched', 'claimed')",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_service_request_open_place",
        table_name="service_request",
        postgresql_using="gist",
        postgresql_where="state IN ('filed', 'dispatched', 'claimed')",
    )
    op.drop_index(
        "ix_service_request_open_matter_place",
        table_name="service_request",
        postgresql_using="gist",
        postgresql_where="state IN ('filed', 'dispatched', 'claimed')",
    )
    op.drop_index("ix_service_request_mine", table_name="service_request")
    op.drop_index(
        "ix_service_request_grid",
        table_name="service_request",
        postgresql_where="state IN ('filed', 'dispatched', 'claimed')",
    )
    op.drop_index(
        "ix_service_request_department",
        table_name="service_request",
        postgresql_where="state IN ('filed', 'dispatched', 'claimed')",
    )
    op.drop_index(op.f("ix_service_request_claimed_by"), table_name="service_request")
    op.drop_table("service_request")
    op.drop_index("ix_service_point_place", table_name="service_point", postgresql_using="gist")
    op.drop_table("service_point")
    op.drop_index("ix_request_event_request", table_name="request_event")
    op.drop_table("request_event")
    op.drop_table("rating")
    op.drop_index("ix_point_matter_matter", table_name="point_matter")
    op.drop_table("point_matter")
    op.drop_table("matter")
    op.execute("DROP SEQUENCE service_request_number")
