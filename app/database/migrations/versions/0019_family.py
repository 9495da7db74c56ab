"""Guardians and wards, sharing within a household, and where people lived before."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations.rows import guard_rows, release_rows

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OF_GUARDIANSHIP = (
    "guardian_resident_id = linli_resident() OR ward_resident_id = linli_resident()"
)

# One row of the register after another: only what changes place writes, and a load of all does not.
KEEP = """
CREATE FUNCTION keep_past_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO past_home (kind, sid, until_at, was)
  VALUES (TG_TABLE_NAME, OLD.sid, now(), to_jsonb(OLD) ->> TG_ARGV[0]) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
PLACES = {"resident": "household_sid", "household": "address_sid", "address": "grid_code"}
MOVED = """
CREATE TRIGGER {table}_moved AFTER UPDATE OF {column} ON {table} FOR EACH ROW
WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION keep_past_home('{column}')
"""
LEFT = """
CREATE TRIGGER {table}_left AFTER DELETE ON {table} FOR EACH ROW
EXECUTE FUNCTION keep_past_home('{column}')
"""


def upgrade() -> None:
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("guardian_resident_id", sa.Uuid(), nullable=False),
        sa.Column("ward_resident_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desk_first_by", sa.Uuid(), nullable=True),
        sa.Column("desk_second_by", sa.Uuid(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "guardian_resident_id <> ward_resident_id", name=op.f("ck_guardianship_two_people")
        ),
        sa.CheckConstraint("desk_first_by <> desk_second_by", name=op.f("ck_guardianship_two_staff")),
        sa.CheckConstraint(
            "basis = 'register' OR state <> 'standing' OR desk_second_by IS NOT NULL",
            name=op.f("ck_guardianship_signed_twice"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    op.create_index("ix_guardianship_guardian", "guardianship", ["guardian_resident_id", "id"])
    op.create_index("ix_guardianship_ward", "guardianship", ["ward_resident_id", "id"])
    op.create_index(
        "uq_guardianship_open",
        "guardianship",
        ["guardian_resident_id", "ward_resident_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'standing')"),
    )
    op.create_table(
        "guardian_consent",
        sa.Column("guardianship_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("guardianship_id", "given_at", name=op.f("pk_guardian_consent")),
    )
    op.create_index(
        "uq_guardian_consent_standing",
        "guardian_consent",
        ["guardianship_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "household_share",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "given_at", name=op.f("pk_household_share")),
    )
    op.create_index(
        "uq_household_share_standing",
        "household_share",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "ix_household_share_household",
        "household_share",
        ["household_id"],
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "past_home",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "sid", "until_at", name=op.f("pk_past_home")),
    )
    op.create_index(
        "ix_past_home_until_at", "past_home", ["until_at"], postgresql_using="brin"
    )
    op.execute(KEEP)
    for table, column in PLACES.items():
        op.execute(MOVED.format(table=table, column=column))
        op.execute(LEFT.format(table=table, column=column))
    guard_rows("guardianship", OF_GUARDIANSHIP, staff=True)
    guard_rows("household_share", "account_id = linli_account()")


def downgrade() -> None:
    for table in PLACES:
        op.execute(f"DROP TRIGGER {table}_left ON {table}")
        op.execute(f"DROP TRIGGER {table}_moved ON {table}")
    op.execute("DROP FUNCTION keep_past_home()")
    for table in ("household_share", "guardianship"):
        release_rows(table)
    for table in ("past_home", "household_share", "guardian_consent", "guardianship"):
        op.drop_table(table)
