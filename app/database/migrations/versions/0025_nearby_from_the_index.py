"""The nearest open requests, answered from the index alone; a table that is tidied in time."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OPEN = "state IN ('filed', 'dispatched', 'signed', 'claimed', 'waiting', 'objected')"
TOLD = ["id", "number", "matter_code", "state", "lng", "lat", "filed_at"]


def upgrade() -> None:
    op.create_index(
        "ix_service_request_shown_place",
        "service_request",
        ["place"],
        postgresql_using="gist",
        postgresql_include=TOLD,
        postgresql_where=sa.text(f"{OPEN} AND NOT confidential"),
    )
    op.drop_index("ix_service_request_open_place", table_name="service_request")
    # An index answers alone where a page is known to be seen by all: that is what vacuum notes.
    # With a million requests the server's fifth of a table would be months of them.
    op.execute(
        "ALTER TABLE service_request SET (autovacuum_vacuum_scale_factor = 0.02,"
        " autovacuum_vacuum_insert_scale_factor = 0.02)"
    )


def downgrade() -> None:
    op.execute(
        "ALTER TABLE service_request RESET (autovacuum_vacuum_scale_factor,"
        " autovacuum_vacuum_insert_scale_factor)"
    )
    op.create_index(
        "ix_service_request_open_place",
        "service_request",
        ["place"],
        postgresql_using="gist",
        postgresql_where=sa.text(OPEN),
    )
    op.drop_index("ix_service_request_shown_place", table_name="service_request")
