"""A case is read by whose it is and by staff; what everybody may see of it, through a window."""

from alembic import op

from app.database.migrations.rows import asked_once
from app.database.migrations.windows import (
    look_through,
    make_window_role,
    open_window,
    shut_windows,
)

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

OWN = asked_once(
    "linli_sees_all() OR linli_is_staff() OR account_id = linli_account()"
    " OR filed_by = linli_account() OR linli_represents(resident_id)"
)

PUBLIC = "id, number, matter_code, state, filed_at, deadline_at, paused_at, grid_code, place"
PIN = f"""
SELECT {PUBLIC}, round(lng::numeric, 3)::float8 AS lng, round(lat::numeric, 3)::float8 AS lat
FROM service_request WHERE NOT confidential
"""

WALKED = (
    "id, matter_code, state, deadline_at, paused_at, grid_code, lng, lat, department_code,"
    " helpers, account_id, mandate_id, against_account, against_department"
)
SPOT = f"""
SELECT {WALKED} FROM service_request WHERE (SELECT linli_sees_all() OR linli_is_staff())
"""

# What belongs to a case is reached by whoever reaches the case: said once, where cases are.
OF_CASE = "EXISTS (SELECT FROM service_request r WHERE r.id = {})"
BELONGING = {
    "request_event": "account_id = linli_account() OR {}",
    "rating": "{}",
    "request_visit": "opened_by = linli_account() OR {}",
    "request_decline": "{}",
}
TOLD = (
    "subject_kind = 'account' AND subject_id = linli_account()"
    " OR subject_kind = 'request' AND {}"
    " OR subject_kind = 'correction' AND EXISTS (SELECT FROM correction c WHERE c.id = subject_id)"
)
SPELT_OUT = (
    "EXISTS (SELECT FROM service_request r WHERE r.id = {}"
    " AND (r.account_id = linli_account() OR r.filed_by = linli_account()"
    " OR linli_represents(r.resident_id)))"
)

LOOKED_AT = {*PUBLIC.split(", "), *WALKED.split(", "), "confidential"}


def upgrade() -> None:
    make_window_role()
    op.execute("DROP POLICY shown ON service_request")
    op.execute(f"CREATE POLICY reach ON service_request FOR SELECT USING ({OWN})")
    look_through("service_request", LOOKED_AT)
    open_window("request_pin", PIN)
    open_window("request_spot", SPOT)
    op.execute("ALTER VIEW matter_holder SET (security_invoker = true)")
    _reach(OF_CASE)


def downgrade() -> None:
    _reach(SPELT_OUT)
    op.execute("ALTER VIEW matter_holder RESET (security_invoker)")
    shut_windows("service_request", LOOKED_AT, "request_spot", "request_pin")
    op.execute("DROP POLICY reach ON service_request")
    op.execute("CREATE POLICY shown ON service_request FOR SELECT USING (true)")


def _reach(of_case: str) -> None:
    conditions = {table: own.format(of_case.format("request_id")) for table, own in BELONGING.items()}
    conditions["outbox"] = TOLD.format(of_case.format("subject_id"))
    for table, own in conditions.items():
        reach = asked_once(f"linli_sees_all() OR linli_is_staff() OR {own}")
        op.execute(f"ALTER POLICY reach ON {table} USING ({reach})")
