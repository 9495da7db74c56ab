"""Codes for a purpose, passwords, providers, dormant accounts, proofs at a desk."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "sign_in_challenge",
        sa.Column("purpose", sa.Text(), server_default="sign-in", nullable=False),
    )
    op.alter_column("sign_in_challenge", "purpose", server_default=None)
    op.add_column("sign_in_challenge", sa.Column("account_id", sa.Uuid(), nullable=True))
    op.alter_column("account", "phone_index", nullable=True)
    op.add_column("account", sa.Column("seen_at", AT, server_default=sa.func.now(), nullable=False))
    op.add_column("account", sa.Column("suspended_at", AT, nullable=True))
    op.add_column(
        "sign_in_session", sa.Column("way", sa.Text(), server_default="code", nullable=False)
    )
    op.create_table(
        "account_password",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_password")),
    )
    op.create_table(
        "provider_link",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("provider", "subject_index", name=op.f("pk_provider_link")),
        sa.UniqueConstraint("account_id", "provider", name=op.f("uq_provider_link_account_id_provider")),
    )
    op.create_table(
        "provider_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("nonce_hash", sa.LargeBinary(), nullable=False),
        sa.Column("verifier_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_visit")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_provider_visit_state_hash")),
    )
    op.create_index("ix_provider_visit_expires_at", "provider_visit", ["expires_at"])
    op.create_table(
        "provider_arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_arrival")),
    )
    op.create_index("ix_provider_arrival_expires_at", "provider_arrival", ["expires_at"])
    op.create_table(
        "in_person_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("lapses_at", AT, nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_in_person_proof")),
    )
    op.create_index("ix_in_person_proof_area", "in_person_proof", ["area_code", "id"])
    op.create_index(
        "uq_in_person_proof_open",
        "in_person_proof",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_index(
        "ix_in_person_proof_lapses",
        "in_person_proof",
        ["lapses_at"],
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "network_identity",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("subject_index", sa.LargeBinary(), nullable=False),
        sa.Column("proved_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_network_identity")),
        sa.UniqueConstraint("subject_index", name=op.f("uq_network_identity_subject_index")),
    )


def downgrade() -> None:
    for table in (
        "network_identity",
        "in_person_proof",
        "provider_arrival",
        "provider_visit",
        "provider_link",
        "account_password",
    ):
        op.drop_table(table)
    op.drop_column("sign_in_session", "way")
    op.drop_column("account", "suspended_at")
    op.drop_column("account", "seen_at")
    # An account without a phone has nobody who could sign in to it.
    op.execute("DELETE FROM account WHERE phone_index IS NULL")
    op.alter_column("account", "phone_index", nullable=False)
    op.drop_column("sign_in_challenge", "account_id")
    op.drop_column("sign_in_challenge", "purpose")
