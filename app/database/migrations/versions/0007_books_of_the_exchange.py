"""The exchange keeps books: runs, buckets, holds, drift, tombstones; and what waits for others."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STREAMS = (
    "addresses",
    "area_links",
    "areas",
    "calendar_days",
    "departments",
    "divisions",
    "households",
    "matters",
    "point_matters",
    "points",
    "polygons",
    "residents",
    "staff",
)
ADDED_UP = "n_in = n_inserted + n_updated + n_same + n_stale + n_duplicate + n_bad"
ADDS_UP = (
    "n_in = n_inserted + n_updated + n_deleted + n_same + n_stale + n_duplicate + n_suppressed"
    " + n_bad"
)
# Hashes begin with the edition of the rules from now on: what was hashed before is edition 0, and
# the same record read again wins over it.
OLD_EDITION = "UPDATE src_{stream} SET hash = '\\x00'::bytea || substring(hash FROM 1 FOR 15)"
PART = "sum(('x' || encode(substring(hash FROM {at} FOR 4), 'hex'))::bit(32)::bigint) * {weight}"
CONTENT = " + ".join(
    PART.format(at=at, weight=2**power) for at, power in ((1, 96), (5, 64), (9, 32), (13, 0))
)
FIRST_HAD = (
    "INSERT INTO sync_code (stream, code, source, sid) SELECT DISTINCT ON (code)"
    " '{stream}', code, source, sid FROM src_{stream} ORDER BY code, first_batch"
)
COUNTED = (
    "INSERT INTO sync_bucket (source, stream, bucket, n, versions, content)"
    " SELECT source, '{stream}', ('x' || substr(md5(sid), 1, 3))::bit(12)::int, count(*),"
    " sum(('x' || substr(md5(sid || ':' || ver), 1, 15))::bit(60)::bigint), "
    + CONTENT
    + " FROM src_{stream} GROUP BY 1, 3"
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_sync_batch_adds_up"), "sync_batch")
    op.create_table(
        "area_succession",
        sa.Column("old_code", sa.Text(), nullable=False),
        sa.Column("new_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("held", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("old_code", "new_code", "on_day", name=op.f("pk_area_succession")),
    )
    op.create_table(
        "consent",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "purpose", "given_at", name=op.f("pk_consent")),
    )
    op.create_index(
        "uq_consent_standing",
        "consent",
        ["account_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("wanted_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("limit_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_asked_by", "correction", ["asked_by", "id"], unique=False)
    op.create_index(
        "ix_correction_due",
        "correction",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "uq_correction_asked",
        "correction",
        ["source", "stream", "sid", "field"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "src_area_changes",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("old_code", sa.Text(), nullable=True),
        sa.Column("new_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("on_day", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_area_changes")),
    )
    op.create_index(
        "ix_src_area_changes_new_code",
        "src_area_changes",
        ["new_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_table(
        "src_correction_answers",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_correction_answers")),
    )
    op.create_table(
        "sync_bucket",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("versions", sa.Numeric(), nullable=False),
        sa.Column("content", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("source", "stream", "bucket", name=op.f("pk_sync_bucket")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "sync_code",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "code", name=op.f("pk_sync_code")),
    )
    op.create_table(
        "sync_drift",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "first_seen",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "last_seen", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_drift")),
        sa.UniqueConstraint(
            "source",
            "stream",
            "kind",
            "subject",
            name=op.f("uq_sync_drift_source_stream_kind_subject"),
        ),
    )
    op.create_index("ix_sync_drift_seen", "sync_drift", ["last_seen"], unique=False)
    op.create_table(
        "sync_held_key",
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hold_id", "sid", name=op.f("pk_sync_held_key")),
    )
    op.create_table(
        "sync_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("n_missing", sa.Integer(), nullable=False),
        sa.Column("n_live", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="held", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_hold")),
    )
    op.create_index(
        "ix_sync_hold_open",
        "sync_hold",
        ["source", "stream"],
        unique=False,
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_table(
        "sync_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("equal", sa.Boolean(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_report")),
    )
    op.create_index("ix_sync_report_at", "sync_report", ["source", "id"], unique=False)
    op.create_table(
        "sync_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="reading", nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("status", sa.Text(), server_default="running", nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("rows_in", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_expected", sa.BigInteger(), nullable=True),
        sa.Column("complete", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_run")),
    )
    op.create_index("ix_sync_run_stream", "sync_run", ["source", "stream", "id"], unique=False)
    op.create_table(
        "sync_seen",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("ord", sa.BigInteger(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "ord", name=op.f("pk_sync_seen")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "sync_source",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fresh_within_s", sa.Integer(), nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=True),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reader_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reconciled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_sync_source")),
    )
    op.create_table(
        "sync_suppressed",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("sid_index", sa.LargeBinary(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("source", "stream", "sid_index", name=op.f("pk_sync_suppressed")),
    )
    op.add_column("outbox", sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("refusal", sa.Text(), nullable=True))
    op.alter_column("outbox", "payload_sealed", existing_type=postgresql.BYTEA(), nullable=True)
    op.create_index(
        "ix_outbox_parked",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("parked_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_sent",
        "outbox",
        ["sent_at", "id"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_whole",
        "outbox",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NOT NULL AND payload_sealed IS NOT NULL"),
    )
    op.add_column("src_addresses", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_addresses", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_addresses", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_src_addresses_grid_code",
        "src_addresses",
        ["grid_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.add_column("src_area_links", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_area_links", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_area_links", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_src_area_links_area_code",
        "src_area_links",
        ["area_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_index(
        "ix_src_area_links_division_code",
        "src_area_links",
        ["division_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.add_column("src_areas", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column("src_areas", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("src_areas", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index("ix_src_areas_code", "src_areas", ["code"], unique=False)
    op.add_column("src_calendar_days", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_calendar_days", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_calendar_days", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.add_column("src_departments", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_departments", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_departments", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index("ix_src_departments_code", "src_departments", ["code"], unique=False)
    op.add_column("src_divisions", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_divisions", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_divisions", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index("ix_src_divisions_code", "src_divisions", ["code"], unique=False)
    op.add_column("src_households", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_households", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_households", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_src_households_address_sid",
        "src_households",
        ["address_sid"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.add_column("src_matters", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column("src_matters", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("src_matters", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index("ix_src_matters_code", "src_matters", ["code"], unique=False)
    op.create_index(
        "ix_src_matters_department_code",
        "src_matters",
        ["department_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.add_column("src_point_matters", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_point_matters", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_point_matters", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_src_point_matters_matter_code",
        "src_point_matters",
        ["matter_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_index(
        "ix_src_point_matters_point_code",
        "src_point_matters",
        ["point_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.add_column("src_points", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column("src_points", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("src_points", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_src_points_area_code",
        "src_points",
        ["area_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_index("ix_src_points_code", "src_points", ["code"], unique=False)
    op.add_column("src_polygons", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_polygons", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_polygons", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_src_polygons_code",
        "src_polygons",
        ["code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.add_column("src_residents", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column(
        "src_residents", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("src_residents", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_src_residents_household_sid",
        "src_residents",
        ["household_sid"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.add_column("src_staff", sa.Column("waits_for", sa.Text(), nullable=True))
    op.add_column("src_staff", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("src_staff", sa.Column("deleted_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_src_staff_area_code",
        "src_staff",
        ["area_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_index(
        "ix_src_staff_department_code",
        "src_staff",
        ["department_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.add_column(
        "sync_batch", sa.Column("run_id", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.alter_column("sync_batch", "run_id", server_default=None)
    op.add_column(
        "sync_batch", sa.Column("n_deleted", sa.Integer(), nullable=False, server_default="0")
    )
    op.alter_column("sync_batch", "n_deleted", server_default=None)
    op.add_column(
        "sync_batch", sa.Column("n_suppressed", sa.Integer(), nullable=False, server_default="0")
    )
    op.alter_column("sync_batch", "n_suppressed", server_default=None)
    op.add_column(
        "sync_batch", sa.Column("n_waiting", sa.Integer(), nullable=False, server_default="0")
    )
    op.alter_column("sync_batch", "n_waiting", server_default=None)
    op.add_column(
        "sync_batch", sa.Column("n_home", sa.Integer(), nullable=False, server_default="0")
    )
    op.alter_column("sync_batch", "n_home", server_default=None)
    op.create_index("ix_sync_batch_run", "sync_batch", ["run_id"], unique=False)
    op.add_column("sync_checkpoint", sa.Column("read_digest", sa.Text(), nullable=True))
    op.add_column(
        "sync_checkpoint", sa.Column("equal_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("sync_quarantine", sa.Column("sid", sa.Text(), nullable=False, server_default=""))
    op.alter_column("sync_quarantine", "sid", server_default=None)
    op.add_column(
        "sync_quarantine", sa.Column("status", sa.Text(), server_default="open", nullable=False)
    )
    op.add_column(
        "sync_quarantine", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_sync_quarantine_open",
        "sync_quarantine",
        ["source", "stream", "sid"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_check_constraint(op.f("ck_sync_batch_adds_up"), "sync_batch", ADDS_UP)
    for stream in STREAMS:
        op.execute(OLD_EDITION.format(stream=stream))
        op.execute(COUNTED.format(stream=stream))
    for stream in ("areas", "departments", "divisions", "matters", "points"):
        op.execute(FIRST_HAD.format(stream=stream))
    op.execute("UPDATE sync_checkpoint SET cursor = '{}'")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_sync_batch_adds_up"), "sync_batch")
    op.drop_index(
        "ix_sync_quarantine_open",
        table_name="sync_quarantine",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_column("sync_quarantine", "closed_at")
    op.drop_column("sync_quarantine", "status")
    op.drop_column("sync_quarantine", "sid")
    op.drop_column("sync_checkpoint", "equal_at")
    op.drop_column("sync_checkpoint", "read_digest")
    op.drop_index("ix_sync_batch_run", table_name="sync_batch")
    op.drop_column("sync_batch", "n_home")
    op.drop_column("sync_batch", "n_waiting")
    op.drop_column("sync_batch", "n_suppressed")
    op.drop_column("sync_batch", "n_deleted")
    op.drop_column("sync_batch", "run_id")
    op.drop_index(
        "ix_src_staff_department_code",
        table_name="src_staff",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index(
        "ix_src_staff_area_code",
        table_name="src_staff",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_column("src_staff", "deleted_by")
    op.drop_column("src_staff", "deleted_at")
    op.drop_column("src_staff", "waits_for")
    op.drop_index(
        "ix_src_residents_household_sid",
        table_name="src_residents",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_column("src_residents", "deleted_by")
    op.drop_column("src_residents", "deleted_at")
    op.drop_column("src_residents", "waits_for")
    op.drop_index(
        "ix_src_polygons_code",
        table_name="src_polygons",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_column("src_polygons", "deleted_by")
    op.drop_column("src_polygons", "deleted_at")
    op.drop_column("src_polygons", "waits_for")
    op.drop_index("ix_src_points_code", table_name="src_points")
    op.drop_index(
        "ix_src_points_area_code",
        table_name="src_points",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_column("src_points", "deleted_by")
    op.drop_column("src_points", "deleted_at")
    op.drop_column("src_points", "waits_for")
    op.drop_index(
        "ix_src_point_matters_point_code",
        table_name="src_point_matters",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index(
        "ix_src_point_matters_matter_code",
        table_name="src_point_matters",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_column("src_point_matters", "deleted_by")
    op.drop_column("src_point_matters", "deleted_at")
    op.drop_column("src_point_matters", "waits_for")
    op.drop_index(
        "ix_src_matters_department_code",
        table_name="src_matters",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index("ix_src_matters_code", table_name="src_matters")
    op.drop_column("src_matters", "deleted_by")
    op.drop_column("src_matters", "deleted_at")
    op.drop_column("src_matters", "waits_for")
    op.drop_index(
        "ix_src_households_address_sid",
        table_name="src_households",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_column("src_households", "deleted_by")
    op.drop_column("src_households", "deleted_at")
    op.drop_column("src_households", "waits_for")
    op.drop_index("ix_src_divisions_code", table_name="src_divisions")
    op.drop_column("src_divisions", "deleted_by")
    op.drop_column("src_divisions", "deleted_at")
    op.drop_column("src_divisions", "waits_for")
    op.drop_index("ix_src_departments_code", table_name="src_departments")
    op.drop_column("src_departments", "deleted_by")
    op.drop_column("src_departments", "deleted_at")
    op.drop_column("src_departments", "waits_for")
    op.drop_column("src_calendar_days", "deleted_by")
    op.drop_column("src_calendar_days", "deleted_at")
    op.drop_column("src_calendar_days", "waits_for")
    op.drop_index("ix_src_areas_code", table_name="src_areas")
    op.drop_column("src_areas", "deleted_by")
    op.drop_column("src_areas", "deleted_at")
    op.drop_column("src_areas", "waits_for")
    op.drop_index(
        "ix_src_area_links_division_code",
        table_name="src_area_links",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index(
        "ix_src_area_links_area_code",
        table_name="src_area_links",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_column("src_area_links", "deleted_by")
    op.drop_column("src_area_links", "deleted_at")
    op.drop_column("src_area_links", "waits_for")
    op.drop_index(
        "ix_src_addresses_grid_code",
        table_name="src_addresses",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_column("src_addresses", "deleted_by")
    op.drop_column("src_addresses", "deleted_at")
    op.drop_column("src_addresses", "waits_for")
    op.drop_index(
        "ix_outbox_whole",
        table_name="outbox",
        postgresql_where=sa.text("sent_at IS NOT NULL AND payload_sealed IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("sent_at IS NULL")
    )
    op.drop_index(
        "ix_outbox_sent", table_name="outbox", postgresql_where=sa.text("sent_at IS NOT NULL")
    )
    op.drop_index(
        "ix_outbox_parked", table_name="outbox", postgresql_where=sa.text("parked_at IS NOT NULL")
    )
    op.alter_column("outbox", "payload_sealed", existing_type=postgresql.BYTEA(), nullable=False)
    op.drop_column("outbox", "refusal")
    op.drop_column("outbox", "parked_at")
    op.drop_table("sync_suppressed")
    op.drop_table("sync_source")
    op.drop_table("sync_seen")
    op.drop_index("ix_sync_run_stream", table_name="sync_run")
    op.drop_table("sync_run")
    op.drop_index("ix_sync_report_at", table_name="sync_report")
    op.drop_table("sync_report")
    op.drop_index(
        "ix_sync_hold_open", table_name="sync_hold", postgresql_where=sa.text("status = 'held'")
    )
    op.drop_table("sync_hold")
    op.drop_table("sync_held_key")
    op.drop_index("ix_sync_drift_seen", table_name="sync_drift")
    op.drop_table("sync_drift")
    op.drop_table("sync_code")
    op.drop_table("sync_bucket")
    op.drop_table("src_correction_answers")
    op.drop_index(
        "ix_src_area_changes_new_code",
        table_name="src_area_changes",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_table("src_area_changes")
    op.drop_index(
        "uq_correction_asked", table_name="correction", postgresql_where=sa.text("state = 'asked'")
    )
    op.drop_index(
        "ix_correction_due", table_name="correction", postgresql_where=sa.text("due_at IS NOT NULL")
    )
    op.drop_index("ix_correction_asked_by", table_name="correction")
    op.drop_table("correction")
    op.drop_index(
        "uq_consent_standing",
        table_name="consent",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_table("consent")
    op.drop_table("area_succession")
    op.create_check_constraint(op.f("ck_sync_batch_adds_up"), "sync_batch", ADDED_UP)
