"""A case is changed by whose it is and by staff alone, whatever a statement forgets to ask.

It stays open to be read: a policy that asks anything keeps the server from the index of places.
"""

from alembic import op

from app.database.migrations.rows import asked_once

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

FILED = asked_once(
    "linli_sees_all() OR linli_is_staff() OR account_id = linli_account()"
    " OR filed_by = linli_account()"
)
CHANGED = f"{FILED} OR linli_represents(resident_id)"
POLICIES = {
    "shown": "FOR SELECT USING (true)",
    "adding": f"FOR INSERT WITH CHECK ({FILED})",
    "changing": f"FOR UPDATE USING ({CHANGED})",
    "removing": f"FOR DELETE USING ({asked_once('linli_sees_all()')})",
}


def upgrade() -> None:
    for name, says in POLICIES.items():
        op.execute(f"CREATE POLICY {name} ON service_request {says}")
    op.execute("ALTER TABLE service_request ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE service_request FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE service_request NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE service_request DISABLE ROW LEVEL SECURITY")
    for name in POLICIES:
        op.execute(f"DROP POLICY {name} ON service_request")
