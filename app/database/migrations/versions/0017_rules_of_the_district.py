"""The district's rules and their mirrors; objections, extensions, helpers, visits, rungs, follows."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_service_request_claimed_by", table_name="service_request")
    op.create_index(
        "ix_service_request_held",
        "service_request",
        ["claimed_by"],
        postgresql_where="state IN ('claimed', 'waiting')",
    )
    op.create_table(
        "capacity",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_capacity")),
    )
    op.create_table(
        "dispatch_rule",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("matter_code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("handled_by", sa.Text(), nullable=False),
        sa.Column("clause_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_dispatch_rule")),
    )
    op.create_table(
        "duty_clause",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_duty_clause")),
    )
    op.create_index(
        op.f("ix_duty_clause_department_code"), "duty_clause", ["department_code"], unique=False
    )
    op.create_table(
        "matter_limit",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("matter_code", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("pausable", sa.Boolean(), nullable=False),
        sa.Column("extension_count", sa.Integer(), nullable=True),
        sa.Column("extension_unit", sa.Text(), nullable=True),
        sa.Column("extension_by", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_matter_limit")),
    )
    op.create_index(
        "ix_matter_limit_matter", "matter_limit", ["matter_code", "stage"], unique=False
    )
    op.create_table(
        "not_accepted",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("told_en", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_not_accepted")),
    )
    op.create_table(
        "request_extension",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("request_id", "round", name=op.f("pk_request_extension")),
    )
    op.create_table(
        "request_follow",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("request_id", "account_id", name=op.f("pk_request_follow")),
    )
    op.create_index(
        "ix_request_follow_account",
        "request_follow",
        ["account_id", "since", "request_id"],
        unique=False,
    )
    op.create_table(
        "request_objection",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("clause_code", sa.Text(), nullable=False),
        sa.Column("proposed_code", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_objection")),
    )
    op.create_index(
        "ix_request_objection_open",
        "request_objection",
        ["due_at"],
        unique=False,
        postgresql_where="decided_at IS NULL",
    )
    op.create_table(
        "request_rung",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("rung", sa.SmallInteger(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("tells", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "request_id", "round", "rung", name=op.f("pk_request_rung")
        ),
    )
    op.create_table(
        "request_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("department_code", sa.Text(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("asked_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_task")),
    )
    op.create_index(
        "ix_request_task_open",
        "request_task",
        ["department_code", "due_at", "id"],
        unique=False,
        postgresql_where="answered_at IS NULL AND cancelled_at IS NULL",
    )
    op.create_index("ix_request_task_request", "request_task", ["request_id", "id"], unique=False)
    op.create_table(
        "request_visit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("visited_by", sa.Uuid(), nullable=True),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_visit")),
    )
    op.create_index(
        "ix_request_visit_open",
        "request_visit",
        ["due_at", "id"],
        unique=False,
        postgresql_where="visited_at IS NULL",
    )
    op.create_index("ix_request_visit_request", "request_visit", ["request_id", "id"], unique=False)
    op.create_table(
        "src_capacities",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("most", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_capacities")),
    )
    op.create_index(
        "ix_src_capacities_area_code",
        "src_capacities",
        ["area_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_index(
        "ix_src_capacities_department_code",
        "src_capacities",
        ["department_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_table(
        "src_dispatch_rules",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("matter_code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("handled_by", sa.Text(), nullable=True),
        sa.Column("clause_code", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_dispatch_rules")),
    )
    op.create_index(
        "ix_src_dispatch_rules_area_code",
        "src_dispatch_rules",
        ["area_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_index(
        "ix_src_dispatch_rules_clause_code",
        "src_dispatch_rules",
        ["clause_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_index(
        "ix_src_dispatch_rules_department_code",
        "src_dispatch_rules",
        ["department_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_index(
        "ix_src_dispatch_rules_matter_code",
        "src_dispatch_rules",
        ["matter_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_table(
        "src_duty_clauses",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_duty_clauses")),
    )
    op.create_index(
        "ix_src_duty_clauses_code",
        "src_duty_clauses",
        ["code"],
        unique=False,
        postgresql_where=None,
    )
    op.create_index(
        "ix_src_duty_clauses_department_code",
        "src_duty_clauses",
        ["department_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_table(
        "src_matter_limits",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("matter_code", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("count", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("pausable", sa.Text(), nullable=True),
        sa.Column("extension_count", sa.Text(), nullable=True),
        sa.Column("extension_unit", sa.Text(), nullable=True),
        sa.Column("extension_by", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_matter_limits")),
    )
    op.create_index(
        "ix_src_matter_limits_matter_code",
        "src_matter_limits",
        ["matter_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_table(
        "src_not_accepted",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("told_en", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("department_code", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_not_accepted")),
    )
    op.create_index(
        "ix_src_not_accepted_code",
        "src_not_accepted",
        ["code"],
        unique=False,
        postgresql_where=None,
    )
    op.create_index(
        "ix_src_not_accepted_department_code",
        "src_not_accepted",
        ["department_code"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_table(
        "src_supervision_rungs",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("ver", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=True),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("count", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("tells", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column("first_batch", sa.BigInteger(), nullable=False),
        sa.Column("last_batch", sa.BigInteger(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "sid", name=op.f("pk_src_supervision_rungs")),
    )
    op.create_table(
        "supervision_rung",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("rung", sa.SmallInteger(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("tells", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_supervision_rung")),
    )
    op.add_column("matter", sa.Column("near_metres", sa.Integer(), nullable=True))
    op.add_column("src_matters", sa.Column("near_metres", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_index("ix_service_request_held", table_name="service_request")
    op.create_index("ix_service_request_claimed_by", "service_request", ["claimed_by"])
    op.drop_column("src_matters", "near_metres")
    op.drop_column("matter", "near_metres")
    op.drop_table("supervision_rung")
    op.drop_table("src_supervision_rungs")
    op.drop_index(
        "ix_src_not_accepted_department_code",
        table_name="src_not_accepted",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index("ix_src_not_accepted_code", table_name="src_not_accepted", postgresql_where=None)
    op.drop_table("src_not_accepted")
    op.drop_index(
        "ix_src_matter_limits_matter_code",
        table_name="src_matter_limits",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_table("src_matter_limits")
    op.drop_index(
        "ix_src_duty_clauses_department_code",
        table_name="src_duty_clauses",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index("ix_src_duty_clauses_code", table_name="src_duty_clauses", postgresql_where=None)
    op.drop_table("src_duty_clauses")
    op.drop_index(
        "ix_src_dispatch_rules_matter_code",
        table_name="src_dispatch_rules",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index(
        "ix_src_dispatch_rules_department_code",
        table_name="src_dispatch_rules",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index(
        "ix_src_dispatch_rules_clause_code",
        table_name="src_dispatch_rules",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index(
        "ix_src_dispatch_rules_area_code",
        table_name="src_dispatch_rules",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_table("src_dispatch_rules")
    op.drop_index(
        "ix_src_capacities_department_code",
        table_name="src_capacities",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_index(
        "ix_src_capacities_area_code",
        table_name="src_capacities",
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.drop_table("src_capacities")
    op.drop_index("ix_request_visit_request", table_name="request_visit")
    op.drop_index(
        "ix_request_visit_open", table_name="request_visit", postgresql_where="visited_at IS NULL"
    )
    op.drop_table("request_visit")
    op.drop_index("ix_request_task_request", table_name="request_task")
    op.drop_index(
        "ix_request_task_open",
        table_name="request_task",
        postgresql_where="answered_at IS NULL AND cancelled_at IS NULL",
    )
    op.drop_table("request_task")
    op.drop_table("request_rung")
    op.drop_index(
        "ix_request_objection_open",
        table_name="request_objection",
        postgresql_where="decided_at IS NULL",
    )
    op.drop_table("request_objection")
    op.drop_index("ix_request_follow_account", table_name="request_follow")
    op.drop_table("request_follow")
    op.drop_table("request_extension")
    op.drop_table("not_accepted")
    op.drop_index("ix_matter_limit_matter", table_name="matter_limit")
    op.drop_table("matter_limit")
    op.drop_index(op.f("ix_duty_clause_department_code"), table_name="duty_clause")
    op.drop_table("duty_clause")
    op.drop_table("dispatch_rule")
    op.drop_table("capacity")
