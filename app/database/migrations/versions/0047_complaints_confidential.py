"""A complaint is confidential: who is complained about reads the public view like anybody."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

COMPLAINS = "r.against_account IS NOT NULL OR r.against_department IS NOT NULL"


def upgrade() -> None:
    op.execute(f"UPDATE service_request r SET confidential = true WHERE {COMPLAINS}")
    op.execute(
        "DELETE FROM request_follow f USING service_request r"
        f" WHERE r.id = f.request_id AND ({COMPLAINS})"
    )


def downgrade() -> None:
    """Leave them: which of them were to be confidential anyway is not kept."""
