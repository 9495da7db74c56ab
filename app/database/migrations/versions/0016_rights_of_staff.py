"""Rights that the platform adds for a time, second factors, and when a session was last used."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations.rows import guard_rows, release_rows

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OF_THE_THREE = sa.text(
    "state IN ('asked', 'standing')"
    " AND role IN ('administrator', 'security_administrator', 'auditor')"
)


MINE = "account_id = linli_account()"
OF_MANDATE = "agent_account_id = linli_account() OR principal_resident_id = linli_resident()"
OF_GRANT = f"{MINE} OR asked_by = linli_account() OR covered_account_id = linli_account()"


def upgrade() -> None:
    op.add_column(
        "sign_in_session",
        sa.Column(
            "last_used_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.add_column("sign_in_session", sa.Column("proved_at", sa.DateTime(timezone=True)))
    op.add_column("sign_in_session", sa.Column("proved_how", sa.Text()))
    op.create_table(
        "authenticator",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticator")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "proof_code",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_proof_code")),
    )
    op.create_index(op.f("ix_proof_code_expires_at"), "proof_code", ["expires_at"])
    op.create_table(
        "added_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("covered_account_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_added_grant_period")),
        sa.CheckConstraint(
            "(kind = 'grant') = (role IS NOT NULL) AND (kind = 'cover') ="
            " (covered_account_id IS NOT NULL)",
            name=op.f("ck_added_grant_kind"),
        ),
        sa.CheckConstraint(
            "covered_account_id <> account_id", name=op.f("ck_added_grant_two_colleagues")
        ),
        sa.CheckConstraint(
            "state <> 'standing' OR decided_by IS NOT NULL AND decided_by <> asked_by"
            " AND decided_by <> account_id"
            " AND decided_by IS DISTINCT FROM covered_account_id",
            name=op.f("ck_added_grant_second_person"),
        ),
        postgresql.ExcludeConstraint(
            (sa.text("account_id"), "="),
            (sa.text("role"), "<>"),
            (sa.func.daterange(sa.text("valid_from"), sa.text("valid_to")), "&&"),
            name="ex_added_grant_three_administrators",
            using="gist",
            where=OF_THE_THREE,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_added_grant")),
    )
    op.create_index("ix_added_grant_account", "added_grant", ["account_id", "id"])
    op.create_index("ix_added_grant_covered", "added_grant", ["covered_account_id", "id"])
    op.create_index("ix_added_grant_asked_by", "added_grant", ["asked_by", "id"])
    op.create_index("ix_added_grant_valid_to", "added_grant", ["valid_to"])
    op.create_index(
        "ix_added_grant_standing",
        "added_grant",
        ["account_id"],
        postgresql_where=sa.text("state = 'standing'"),
    )
    for table in ("authenticator", "recovery_code"):
        guard_rows(table, MINE)
    guard_rows("added_grant", OF_GRANT, staff=True)
    guard_rows("mandate", OF_MANDATE, staff=True)


def downgrade() -> None:
    release_rows("mandate")
    for table in ("added_grant", "proof_code", "recovery_code", "authenticator"):
        op.drop_table(table)
    for column in ("proved_how", "proved_at", "last_used_at"):
        op.drop_column("sign_in_session", column)
