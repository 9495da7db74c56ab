"""Each file is sealed under a key of its own, which is sealed for whose it is."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stored_file", sa.Column("key_sealed", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_stored_file_plain",
        "stored_file",
        ["id"],
        postgresql_where=sa.text("key_sealed IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_stored_file_plain", table_name="stored_file")
    op.drop_column("stored_file", "key_sealed")
