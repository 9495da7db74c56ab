"""Departments, the population register, accounts and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("phone_index", name=op.f("uq_account_phone_index")),
        sa.UniqueConstraint("resident_id", name=op.f("uq_account_resident_id")),
    )
    op.create_table(
        "address",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_address")),
    )
    op.create_index(op.f("ix_address_grid_code"), "address", ["grid_code"], unique=False)
    op.create_table(
        "attempt_counter",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("window", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "who", "window", name=op.f("pk_attempt_counter")),
    )
    op.create_index(op.f("ix_attempt_counter_window"), "attempt_counter", ["window"], unique=False)
    op.create_table(
        "department",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_department")),
    )
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("address_sid", sa.Text(), nullable=False),
        sa.Column("tenure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("sid", name=op.f("uq_household_sid")),
    )
    op.create_index(op.f("ix_household_address_sid"), "household", ["address_sid"], unique=False)
    op.create_table(
        "resident",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=False),
        sa.Column("household_sid", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("sid", name=op.f("uq_resident_sid")),
    )
    op.create_index(op.f("ix_resident_household_sid"), "resident", ["household_sid"], unique=False)
    op.create_index(
        op.f("ix_resident_id_number_index"), "resident", ["id_number_index"], unique=False
    )
    op.create_table(
        "sign_in_challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_challenge")),
    )
    op.create_index(
        op.f("ix_sign_in_challenge_expires_at"), "sign_in_challenge", ["expires_at"], unique=False
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("device_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_hash", sa.LargeBinary(), nullable=False),
        sa.Column("spent_hash", sa.LargeBinary(), nullable=True),
        sa.Column("rotation_id", sa.Uuid(), nullable=True),
        sa.Column("successor_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_sign_in_session_refresh_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_session_account_id"), "sign_in_session", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_session_expires_at"), "sign_in_session", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_session_spent_hash"), "sign_in_session", ["spent_hash"], unique=False
    )
    op.create_table(
        "sms_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_message")),
        sa.UniqueConstraint("reference", name=op.f("uq_sms_message_reference")),
    )
    op.create_index(
        "ix_sms_message_due",
        "sms_message",
        ["due_at"],
        unique=False,
        postgresql_where="due_at IS NOT NULL",
    )
    op.create_table(
        "spent_token",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_spent_token")),
    )
    op.create_index(op.f("ix_spent_token_session_id"), "spent_token", ["session_id"], unique=False)
    op.create_index(op.f("ix_spent_token_spent_at"), "spent_token", ["spent_at"], unique=False)
    op.create_table(
        "staff_grant",
        sa.Column("staff_sid", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("staff_sid", "role", name=op.f("pk_staff_grant")),
    )
    op.create_index(op.f("ix_staff_grant_account_id"), "staff_grant", ["account_id"], unique=False)
    op.create_index(op.f("ix_staff_grant_area_code"), "staff_grant", ["area_code"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_staff_grant_area_code"), table_name="staff_grant")
    op.drop_index(op.f("ix_staff_grant_account_id"), table_name="staff_grant")
    op.drop_table("staff_grant")
    op.drop_index(op.f("ix_spent_token_spent_at"), table_name="spent_token")
    op.drop_index(op.f("ix_spent_token_session_id"), table_name="spent_token")
    op.drop_table("spent_token")
    op.drop_index(
        "ix_sms_message_due", table_name="sms_message", postgresql_where="due_at IS NOT NULL"
    )
    op.drop_table("sms_message")
    op.drop_index(op.f("ix_sign_in_session_spent_hash"), table_name="sign_in_session")
    op.drop_index(op.f("ix_sign_in_session_expires_at"), table_name="sign_in_session")
    op.drop_index(op.f("ix_sign_in_session_account_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_sign_in_challenge_expires_at"), table_name="sign_in_challenge")
    op.drop_table("sign_in_challenge")
    op.drop_index(op.f("ix_resident_id_number_index"), table_name="resident")
    op.drop_index(op.f("ix_resident_household_sid"), table_name="resident")
    op.drop_table("resident")
    op.drop_index(op.f("ix_household_address_sid"), table_name="household")
    op.drop_table("household")
    op.drop_table("department")
    op.drop_index(op.f("ix_attempt_counter_window"), table_name="attempt_counter")
    op.drop_table("attempt_counter")
    op.drop_index(op.f("ix_address_grid_code"), table_name="address")
    op.drop_table("address")
    op.drop_table("account")
