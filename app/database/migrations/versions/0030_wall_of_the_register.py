"""The second wall stands before accounts, people, households, past homes, offices and tickets."""

from alembic import op

from app.database.migrations.rows import guard_rows, release_rows

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

FUNCTION = "CREATE FUNCTION linli_{name} RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$ {sql} $$"

TIED = """
  SELECT EXISTS (SELECT FROM mandate m
    WHERE m.principal_resident_id = person AND m.agent_account_id = linli_account())
  OR EXISTS (SELECT FROM mandate m
    WHERE m.principal_resident_id = linli_resident() AND m.agent_resident_id = person)
  OR EXISTS (SELECT FROM guardianship p
    WHERE p.ward_resident_id = person AND p.guardian_resident_id = linli_resident())
  OR EXISTS (SELECT FROM guardianship p
    WHERE p.ward_resident_id = linli_resident() AND p.guardian_resident_id = person)
"""
HOME = """
  SELECT EXISTS (SELECT FROM resident r WHERE r.household_sid = home
    AND (r.id = linli_resident() OR linli_represents(r.id)))
"""
OWN = {
    "account": "id = linli_account() OR linli_represents(resident_id)",
    "resident": "id = linli_resident() OR linli_tied(id)",
    "household": "linli_home(sid)",
    "staff_grant": "account_id = linli_account()",
    "correction": "asked_by = linli_account()",
}


def upgrade() -> None:
    op.execute(FUNCTION.format(name="tied(person uuid)", sql=TIED))
    op.execute(FUNCTION.format(name="home(home text)", sql=HOME))
    for table, own in OWN.items():
        guard_rows(table, own, staff=True)
    guard_rows("past_home", "false")


def downgrade() -> None:
    for table in (*OWN, "past_home"):
        release_rows(table)
    op.execute("DROP FUNCTION linli_home(text)")
    op.execute("DROP FUNCTION linli_tied(uuid)")
