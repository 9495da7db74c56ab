"""The second wall stands before files, keys, the trail, what the district is told, and drafts."""

from alembic import op

from app.database.migrations.rows import guard_rows, release_rows

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

OF_CASE = (
    "EXISTS (SELECT FROM service_request r WHERE r.id = subject_id"
    " AND (r.account_id = linli_account() OR r.filed_by = linli_account()"
    " OR linli_represents(r.resident_id)))"
)
OF_TICKET = "EXISTS (SELECT FROM correction c WHERE c.id = subject_id)"
TOLD = (
    "subject_kind = 'account' AND subject_id = linli_account()"
    f" OR subject_kind = 'request' AND {OF_CASE}"
    f" OR subject_kind = 'correction' AND {OF_TICKET}"
)
"""Whoever does something that the district is told of numbers it after what was told before."""

OWN = {
    "stored_file": "uploaded_by = linli_account()",
    "subject_key": "subject = linli_account()",
    "notice_version": "false",
    "outbox": TOLD,
}


def upgrade() -> None:
    for table, own in OWN.items():
        guard_rows(table, own, staff=True)
    guard_rows("audit_entry", "account_id = linli_account()", staff=True, anybody_adds=True)


def downgrade() -> None:
    for table in (*OWN, "audit_entry"):
        release_rows(table)
