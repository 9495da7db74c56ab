"""The second wall stands before what is written to a case, said of it and asked about it."""

from alembic import op

from app.database.migrations.rows import guard_rows, release_rows

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

REPRESENTS = """
CREATE FUNCTION linli_represents(person uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM mandate m WHERE m.principal_resident_id = person
    AND m.agent_account_id = linli_account() AND m.state = 'standing')
  OR EXISTS (SELECT FROM guardianship p WHERE p.ward_resident_id = person
    AND p.guardian_resident_id = linli_resident() AND p.state = 'standing')
$$
"""
FILED = (
    "EXISTS (SELECT FROM service_request r WHERE r.id = request_id"
    " AND (r.account_id = linli_account() OR r.filed_by = linli_account()"
    " OR linli_represents(r.resident_id)))"
)
OWN = {
    "request_event": f"account_id = linli_account() OR {FILED}",
    "rating": FILED,
    "request_visit": f"opened_by = linli_account() OR {FILED}",
    "request_decline": FILED,
}
UNITS = ("request_task", "request_objection", "request_extension")


def upgrade() -> None:
    op.execute(REPRESENTS)
    for table, own in OWN.items():
        guard_rows(table, own, staff=True)
    for table in UNITS:
        guard_rows(table, "false", staff=True)
    guard_rows("request_follow", "account_id = linli_account()")


def downgrade() -> None:
    for table in (*OWN, *UNITS, "request_follow"):
        release_rows(table)
    op.execute("DROP FUNCTION linli_represents(uuid)")
