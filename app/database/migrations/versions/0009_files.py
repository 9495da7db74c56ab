"""Files: their bytes, their names, and who refers to them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_blob",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("refs", sa.Integer(), server_default="0", nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doomed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_stored_blob")),
    )
    op.create_index(
        "ix_stored_blob_unused",
        "stored_blob",
        ["touched_at"],
        unique=False,
        postgresql_where=sa.text("refs = 0"),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("thumbnail", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index(
        "ix_stored_file_unused",
        "stored_file",
        ["uploaded_at"],
        unique=False,
        postgresql_where=sa.text("uses = 0"),
    )
    op.create_index(
        "ix_stored_file_uploaded_by",
        "stored_file",
        ["uploaded_by", "uploaded_at"],
        unique=False,
    )
    op.create_table(
        "file_use",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "subject_kind", "subject_id", "file_id", name=op.f("pk_file_use")
        ),
    )
    op.create_index("ix_file_use_file", "file_use", ["file_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_file_use_file", table_name="file_use")
    op.drop_table("file_use")
    op.drop_index("ix_stored_file_uploaded_by", table_name="stored_file")
    op.drop_index(
        "ix_stored_file_unused", table_name="stored_file", postgresql_where=sa.text("uses = 0")
    )
    op.drop_table("stored_file")
    op.drop_index(
        "ix_stored_blob_unused", table_name="stored_blob", postgresql_where=sa.text("refs = 0")
    )
    op.drop_table("stored_blob")
