"""What somebody holds on a day is said once, here, and asked of the server by whoever needs it.

Of their own by the register, added for a time, and lent. Cover lends what a colleague holds of
their own, but for the three administrators' roles. What was added counts for members of staff
alone: whoever has left the district's register holds nothing.
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
STANDS = "{0}.valid_from <= day AND ({0}.valid_to IS NULL OR {0}.valid_to > day)"
APART = "('administrator', 'security_administrator', 'auditor')"
IN_OFFICE = f"""
EXISTS (SELECT FROM staff_grant o
  WHERE o.account_id = {{0}}.account_id AND {STANDS.format("o")})
"""
ADDED = f"{{0}}.state = 'standing' AND {STANDS} AND {IN_OFFICE}"
OWN = f"""
SELECT g.role, g.area_code, g.department_code FROM staff_grant g
WHERE g.account_id = {{who}} AND {STANDS.format("g")}
UNION ALL SELECT x.role, x.area_code, x.department_code FROM added_grant x
WHERE x.account_id = {{who}} AND x.kind = 'grant' AND {ADDED.format("x")}
"""

# A query in whose FROM it stands is planned as if its words stood there.
HELD = f"""
CREATE FUNCTION linli_held(who uuid, day date)
RETURNS TABLE (role text, area_code text, department_code text, covering uuid)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT own.role, own.area_code, own.department_code, NULL::uuid
  FROM ({OWN.format(who="who")}) own
  UNION ALL
  SELECT lent.role, lent.area_code, lent.department_code, away.id
  FROM added_grant c JOIN account away ON away.id = c.covered_account_id
  CROSS JOIN LATERAL ({OWN.format(who="away.id")}) lent
  WHERE c.account_id = who AND c.kind = 'cover' AND away.status = 'active'
    AND lent.role NOT IN {APART} AND {ADDED.format("c")}
$$
"""
# In a language of its own, so that it costs nothing where it is not called: most people hold
# nothing, and are asked for on every request.
GRANTS = """
CREATE FUNCTION linli_grants(who uuid, day date) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (SELECT array_agg(ARRAY[h.role, h.area_code, h.department_code, h.covering::text])
          FROM linli_held(who, day) h);
END $$
"""

AREAS = """
SELECT CASE WHEN linli_is_staff() THEN
  (SELECT coalesce(array_agg(h.area_code) FILTER (WHERE h.area_code IS NOT NULL
                                                  AND h.role NOT IN {apart}), '{{}}')
   FROM ({held}) h) ELSE '{{}}' END
"""
AUDITS = """
SELECT linli_is_staff() AND coalesce((SELECT bool_and(h.role = 'auditor')
  FROM ({held}) h WHERE h.role IN {apart}), false)
"""
FUNCTION = (
    "CREATE OR REPLACE FUNCTION linli_{name}() RETURNS {what} LANGUAGE sql STABLE PARALLEL SAFE"
    " AS $$ {sql} $$"
)

# The same rule as it stood in each of them before.
BEFORE_OWN = OWN.replace("day", TODAY)
BEFORE_LENT = f"""
SELECT lent.role, lent.area_code, lent.department_code FROM added_grant c
JOIN account away ON away.id = c.covered_account_id AND away.status = 'active'
CROSS JOIN LATERAL ({BEFORE_OWN.format(who="away.id")}) lent
WHERE c.account_id = linli_account() AND c.kind = 'cover'
  AND {ADDED.format("c").replace("day", TODAY)}
"""


def upgrade() -> None:
    op.execute(HELD)
    op.execute(GRANTS)
    mine = f"SELECT * FROM linli_held(linli_account(), {TODAY})"
    _reach(mine, mine)


def downgrade() -> None:
    mine = BEFORE_OWN.format(who="linli_account()")
    _reach(f"{mine} UNION ALL {BEFORE_LENT}", mine)
    op.execute("DROP FUNCTION linli_grants(uuid, date)")
    op.execute("DROP FUNCTION linli_held(uuid, date)")


def _reach(areas: str, audits: str) -> None:
    sql = AREAS.format(held=areas, apart=APART)
    op.execute(FUNCTION.format(name="areas", what="text[]", sql=sql))
    sql = AUDITS.format(held=audits, apart=APART)
    op.execute(FUNCTION.format(name="audits", what="boolean", sql=sql))
