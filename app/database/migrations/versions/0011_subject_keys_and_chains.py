"""A data key for each account, and an audit trail that is only added to and sealed in chains."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEGINNING = "decode(repeat('00', 32), 'hex')"

# An entry may be sealed once, and go once its chain begins after it and its time is over.
GUARD = """
CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.seq IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL
       AND to_jsonb(NEW) - 'seq' - 'hash' = to_jsonb(OLD) - 'seq' - 'hash' THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM audit_chain c WHERE c.chain = OLD.chain AND OLD.seq <= c.base_seq
               AND OLD.at < now() - c.keep) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit trail is only added to' USING ERRCODE = 'insufficient_privilege';
END $$
"""
ROWS = """
CREATE TRIGGER audit_entry_only_added BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()
"""
WHOLE = """
CREATE TRIGGER audit_entry_never_emptied BEFORE TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard()
"""
CHAINS = f"""
INSERT INTO audit_chain (chain, keep, basis, base_hash, hash) VALUES
('deeds', interval '6 months', '网络安全法 (2025 修正) 第二十三条第三项', {BEGINNING}, {BEGINNING}),
('sharing', interval '3 years', '网络数据安全管理条例 第十二条', {BEGINNING}, {BEGINNING})
"""


def upgrade() -> None:
    op.create_table(
        "subject_key",
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_subject_key")),
    )
    op.create_table(
        "audit_chain",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("keep", sa.Interval(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("base_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("base_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_chain")),
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_head")),
    )
    op.create_index("ix_audit_head_at", "audit_head", ["at"])
    op.add_column(
        "audit_entry", sa.Column("chain", sa.Text(), server_default="deeds", nullable=False)
    )
    op.add_column(
        "audit_entry", sa.Column("xid", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("audit_entry", sa.Column("seq", sa.BigInteger(), nullable=True))
    op.add_column("audit_entry", sa.Column("hash", sa.LargeBinary(), nullable=True))
    op.create_index("ix_audit_entry_account", "audit_entry", ["account_id", "id"])
    op.create_index("uq_audit_entry_chain", "audit_entry", ["chain", "seq"], unique=True)
    op.create_index(
        "ix_audit_entry_unsealed",
        "audit_entry",
        ["chain", "id"],
        postgresql_where=sa.text("seq IS NULL"),
    )
    for statement in (CHAINS, GUARD, ROWS, WHOLE):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_entry_never_emptied ON audit_entry")
    op.execute("DROP TRIGGER audit_entry_only_added ON audit_entry")
    op.execute("DROP FUNCTION audit_entry_guard()")
    for index in ("ix_audit_entry_unsealed", "uq_audit_entry_chain", "ix_audit_entry_account"):
        op.drop_index(index, table_name="audit_entry")
    for column in ("hash", "seq", "xid", "chain"):
        op.drop_column("audit_entry", column)
    op.drop_table("audit_head")
    op.drop_table("audit_chain")
    op.drop_table("subject_key")
