"""Who represents somebody is asked of the register, too: what is unclear opens nothing.

A guardianship by the register counts as long as the register shows it, and for a minor only; a
mandate counts within its period.
"""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE OR REPLACE FUNCTION linli_represents(person uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM mandate m WHERE m.principal_resident_id = person
    AND m.agent_account_id = linli_account() AND m.state = 'standing'{period})
  OR EXISTS (SELECT FROM {guardianship})
$$
"""
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
WITHIN = f" AND m.valid_from <= {TODAY} AND m.valid_to > {TODAY}"
STORED = """guardianship p WHERE p.ward_resident_id = person
    AND p.guardian_resident_id = linli_resident() AND p.state = 'standing'"""
STANDS = """guardianship gs
    JOIN resident wd ON wd.id = gs.ward_resident_id
    JOIN resident gd ON gd.id = gs.guardian_resident_id
    WHERE gs.ward_resident_id = person AND gs.guardian_resident_id = linli_resident()
    AND gs.state = 'standing'
    AND coalesce(wd.age_class, '') NOT IN ('adult', 'elder', 'unknown')
    AND (gs.basis = 'desk' OR gd.household_sid = wd.household_sid
      AND (gd.relation, wd.relation) IN (('head', 'child')))"""


def upgrade() -> None:
    op.execute(FUNCTION.format(period=WITHIN, guardianship=STANDS))


def downgrade() -> None:
    op.execute(FUNCTION.format(period="", guardianship=STORED))
