"""Who stands on the ladder of supervision, and how satisfied people were in a period."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OPEN = "state IN ('filed', 'dispatched', 'signed', 'claimed', 'waiting', 'objected')"


def upgrade() -> None:
    op.create_index(
        "ix_service_request_supervised",
        "service_request",
        ["deadline_at", "id"],
        postgresql_where=f"rung > 0 AND {OPEN}",
    )
    op.create_index("ix_rating_rated_at", "rating", ["rated_at"])


def downgrade() -> None:
    op.drop_index("ix_rating_rated_at", table_name="rating")
    op.drop_index("ix_service_request_supervised", table_name="service_request")
