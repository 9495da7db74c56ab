"""Revisions of notices, their audience, their numbers, what was read; classes of age."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXTS = postgresql.ARRAY(sa.Text())
MOMENT = sa.DateTime(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())
OPEN = "state IN ('draft', 'pending', 'returned', 'approved', 'scheduled')"

# what a notice written before has in each column that may not be empty
NEW: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...] = (
    ("root_id", sa.Uuid(), "id"),
    ("revision", sa.Integer(), "1"),
    ("kind", sa.Text(), "'general'"),
    ("priority", sa.SmallInteger(), "0"),
    ("drill", sa.Boolean(), "false"),
    ("pinned", sa.Boolean(), "false"),
    ("needs_ack", sa.Boolean(), "false"),
    ("large_text", sa.Text(), "body_md"),
    ("read_aloud", sa.Text(), "title || '。' || body_md"),
    ("grams", TEXTS, "'{}'"),
    (
        "audience",
        JSONB,
        "jsonb_build_object('areas', area_codes, 'divisions', '[]'::jsonb, 'polygon', NULL,"
        " 'households', '[]'::jsonb, 'residents', '[]'::jsonb, 'people', '[\"all\"]'::jsonb,"
        " 'matters', '[]'::jsonb)",
    ),
    ("places", TEXTS, "area_codes"),
    ("people", sa.Integer(), "1"),
    (
        "touches",
        TEXTS,
        "coalesce((SELECT array_agg(DISTINCT c) FROM area a, unnest(a.path) c"
        " WHERE a.code = ANY(area_codes)), '{}')",
    ),
)
LATER: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("ack_by", MOMENT),
    ("title_en", sa.Text()),
    ("body_en_md", sa.Text()),
    ("body_en_html", sa.Text()),
    ("change_note", sa.Text()),
    ("polygon", JSONB),
    ("publish_at", MOMENT),
    ("submitted_by", sa.Uuid()),
    ("approved_by", sa.Uuid()),
    ("ended_at", MOMENT),
    ("counted_at", MOMENT),
)


def upgrade() -> None:
    _ages()
    _notice()
    _targets()
    _books()
    op.execute(
        "CREATE VIEW matter_holder AS SELECT account_id, matter_code FROM service_request"
        " WHERE account_id IS NOT NULL"
    )


def _ages() -> None:
    op.add_column("account", sa.Column("reading_mark", sa.Integer(), server_default="0", nullable=False))
    op.add_column("resident", sa.Column("age_class", sa.Text(), nullable=True))
    op.add_column("resident", sa.Column("turning_index", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_resident_ageless", "resident", ["sid"], postgresql_where=sa.text("age_class IS NULL")
    )
    op.create_index(
        "ix_resident_turning",
        "resident",
        ["turning_index"],
        postgresql_where=sa.text("turning_index IS NOT NULL"),
    )


def _notice() -> None:
    for name, kind, value in NEW:
        op.add_column("notice", sa.Column(name, kind, nullable=True))
        op.execute(f"UPDATE notice SET {name} = {value}")
        op.alter_column("notice", name, nullable=False)
    for name, kind in LATER:
        op.add_column("notice", sa.Column(name, kind, nullable=True))
    op.add_column(
        "notice", sa.Column("own_words", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("notice", sa.Column("matters", TEXTS, server_default=sa.text("'{}'"), nullable=False))
    op.execute("UPDATE notice SET approved_by = published_by")
    op.drop_index("ix_notice_areas", table_name="notice", postgresql_using="gin")
    op.create_index("ix_notice_touches", "notice", ["touches"], postgresql_using="gin")
    op.create_index("ix_notice_grams", "notice", ["grams"], postgresql_using="gin")
    op.create_index("uq_notice_revision", "notice", ["root_id", "revision"], unique=True)
    op.create_index(
        "uq_notice_open", "notice", ["root_id"], unique=True, postgresql_where=sa.text(OPEN)
    )
    for name, column, where in (
        ("ix_notice_scheduled", "publish_at", "state = 'scheduled'"),
        ("ix_notice_expiring", "expires_at", "state = 'published'"),
        ("ix_notice_uncounted", "publish_seq", "publish_seq IS NOT NULL AND counted_at IS NULL"),
    ):
        op.create_index(name, "notice", [column], postgresql_where=sa.text(where))


def _target_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("matters", TEXTS, nullable=True),
    ]


def _targets() -> None:
    op.rename_table("notice_target", "notice_target_before")
    for index in ("pk_notice_target", "ix_notice_target_expires_at", "ix_notice_target_notice_id"):
        op.execute(f"ALTER INDEX {index} RENAME TO {index}_before")
    for table in ("notice_target", "notice_target_past"):
        op.create_table(
            table,
            *_target_columns(),
            sa.PrimaryKeyConstraint("place", "seq", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_notice_id"), table, ["notice_id"])
    op.create_index("ix_notice_target_expires_at", "notice_target", ["expires_at"])
    op.create_index(
        "ix_notice_target_pinned",
        "notice_target",
        ["place", "seq"],
        postgresql_where=sa.text("pinned"),
    )
    op.create_index(
        "ix_notice_target_emergency",
        "notice_target",
        ["place", "seq"],
        postgresql_where=sa.text("priority = 2"),
    )
    op.execute(
        "INSERT INTO notice_target (place, seq, notice_id, people, priority, pinned, expires_at)"
        " SELECT area_code, seq, notice_id, 1, 0, false, expires_at FROM notice_target_before"
    )
    op.drop_table("notice_target_before")


def _books() -> None:
    op.create_table(
        "notice_change",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_notice_change")),
    )
    op.create_index(op.f("ix_notice_change_notice_id"), "notice_change", ["notice_id"])
    op.execute(
        "INSERT INTO notice_change SELECT publish_seq, id, 'publish', published_at FROM notice"
        " WHERE publish_seq IS NOT NULL"
    )
    op.create_table(
        "notice_mark",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_notice_mark")),
    )
    op.create_index(op.f("ix_notice_mark_seq"), "notice_mark", ["seq"])
    op.execute("INSERT INTO notice_mark SELECT place, max(seq) FROM notice_target GROUP BY place")
    op.create_table(
        "notice_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed", TEXTS, nullable=False),
        sa.Column("content", JSONB, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_version")),
    )
    op.create_index("ix_notice_version_notice", "notice_version", ["notice_id", "id"])
    op.execute(
        "INSERT INTO notice_version (notice_id, version, step, state, at, account_id, changed)"
        " SELECT id, 1, 'draft', 'draft', drafted_at, drafted_by, '{}' FROM notice"
    )
    op.add_column("notice_receipt", sa.Column("acked_at", MOMENT, nullable=True))
    op.create_table(
        "inbox_state",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("read_upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_inbox_state")),
    )
    for table, third in (("notice_audience", "age_class"), ("notice_reach", "channel")):
        op.create_table(
            table,
            sa.Column("notice_id", sa.Uuid(), nullable=False),
            sa.Column("grid_code", sa.Text(), nullable=False),
            sa.Column(third, sa.Text(), nullable=False),
            sa.Column("residents", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("notice_id", "grid_code", third, name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    op.execute("DROP VIEW matter_holder")
    for table in ("notice_reach", "notice_audience", "inbox_state", "notice_version"):
        op.drop_table(table)
    for table in ("notice_mark", "notice_change", "notice_target_past"):
        op.drop_table(table)
    op.drop_column("notice_receipt", "acked_at")
    for index in ("ix_notice_target_pinned", "ix_notice_target_emergency"):
        op.drop_index(index, table_name="notice_target")
    op.execute("DELETE FROM notice_target WHERE place LIKE '%:%' OR people & 1 = 0")
    for column in ("people", "priority", "pinned", "matters"):
        op.drop_column("notice_target", column)
    op.alter_column("notice_target", "place", new_column_name="area_code")
    op.execute("DELETE FROM notice WHERE revision > 1")
    for index in ("ix_notice_uncounted", "ix_notice_expiring", "ix_notice_scheduled"):
        op.drop_index(index, table_name="notice")
    for index in ("uq_notice_open", "uq_notice_revision", "ix_notice_grams", "ix_notice_touches"):
        op.drop_index(index, table_name="notice")
    added = [each[0] for each in NEW] + [each[0] for each in LATER]
    for column in [*added, "own_words", "matters"]:
        op.drop_column("notice", column)
    op.create_index("ix_notice_areas", "notice", ["area_codes"], postgresql_using="gin")
    op.drop_index("ix_resident_turning", table_name="resident")
    op.drop_index("ix_resident_ageless", table_name="resident")
    op.drop_column("resident", "turning_index")
    op.drop_column("resident", "age_class")
    op.drop_column("account", "reading_mark")
