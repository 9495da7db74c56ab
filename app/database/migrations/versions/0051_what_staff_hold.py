"""What the second wall lets staff reach follows what they hold: by the same rule as the program's.

What was added counts for whoever is in the register today, a colleague whose account is closed
lends nothing, and the three administrators' roles are lent to nobody, open no area, and of two of
them in one person neither counts.
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
STANDS = "{0}.valid_from <= " + TODAY + " AND ({0}.valid_to IS NULL OR {0}.valid_to > " + TODAY + ")"
IN_OFFICE = (
    "EXISTS (SELECT FROM staff_grant o WHERE o.account_id = {0}.account_id AND "
    + STANDS.format("o")
    + ")"
)
BEFORE_ADDED = "{0}.state = 'standing' AND " + STANDS
ADDED = f"{BEFORE_ADDED} AND {IN_OFFICE}"
APART = "('administrator', 'security_administrator', 'auditor')"

OWN = f"""
  SELECT g.role, g.area_code FROM staff_grant g
  WHERE g.account_id = {{who}} AND {STANDS.format("g")}
  UNION ALL SELECT x.role, x.area_code FROM added_grant x
  WHERE x.account_id = {{who}} AND x.kind = 'grant' AND {ADDED.format("x")}
"""
LENT = f"""
  SELECT lent.role, lent.area_code FROM added_grant c
  JOIN account away ON away.id = c.covered_account_id AND away.status = 'active'
  CROSS JOIN LATERAL ({OWN.format(who="away.id")}) lent
  WHERE c.account_id = linli_account() AND c.kind = 'cover' AND {ADDED.format("c")}
"""
MINE = OWN.format(who="linli_account()")

# As the wall was before: whatever was added or lent, but for the auditor's role.
BEFORE = f"""
  SELECT g.role, g.area_code FROM staff_grant g
  WHERE g.account_id = linli_account() AND {STANDS.format("g")}
  UNION ALL SELECT x.role, x.area_code FROM added_grant x
  WHERE x.account_id = linli_account() AND x.kind = 'grant' AND {BEFORE_ADDED.format("x")}
  UNION ALL SELECT lent.role, lent.area_code FROM added_grant c
  JOIN staff_grant lent ON lent.account_id = c.covered_account_id AND {STANDS.format("lent")}
  WHERE c.account_id = linli_account() AND c.kind = 'cover' AND {BEFORE_ADDED.format("c")}
    AND lent.role <> 'auditor'
  UNION ALL SELECT lent.role, lent.area_code FROM added_grant c
  JOIN added_grant lent ON lent.account_id = c.covered_account_id AND lent.kind = 'grant'
    AND {BEFORE_ADDED.format("lent")}
  WHERE c.account_id = linli_account() AND c.kind = 'cover' AND {BEFORE_ADDED.format("c")}
    AND lent.role <> 'auditor'
"""
AREAS = """
  SELECT CASE WHEN linli_is_staff() THEN
    (SELECT coalesce(array_agg(h.area_code) FILTER (WHERE {counts}), '{{}}')
     FROM ({held}) h) ELSE '{{}}' END
"""
FUNCTION = (
    "CREATE OR REPLACE FUNCTION linli_{name}() RETURNS {what} LANGUAGE sql STABLE PARALLEL SAFE"
    " AS $$ {sql} $$"
)


def upgrade() -> None:
    areas = AREAS.format(
        held=f"{MINE} UNION ALL {LENT}",
        counts=f"h.area_code IS NOT NULL AND h.role NOT IN {APART}",
    )
    audits = (
        "SELECT linli_is_staff() AND coalesce((SELECT bool_and(h.role = 'auditor')"
        f" FROM ({MINE}) h WHERE h.role IN {APART}), false)"
    )
    _made(areas, audits)


def downgrade() -> None:
    audits = f"SELECT linli_is_staff() AND EXISTS (SELECT FROM ({BEFORE}) h WHERE h.role = 'auditor')"
    _made(AREAS.format(held=BEFORE, counts="h.area_code IS NOT NULL"), audits)


def _made(areas: str, audits: str) -> None:
    op.execute(FUNCTION.format(name="areas", what="text[]", sql=areas))
    op.execute(FUNCTION.format(name="audits", what="boolean", sql=audits))
