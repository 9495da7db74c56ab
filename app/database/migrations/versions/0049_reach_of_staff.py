"""Staff reach what lies in their areas, and the trail is its readers': held by the server as well.

Rows that staff open one by one are narrowed here, for that costs no list. Lists of cases and the
register go on being narrowed by their queries alone: an area's subtree at each row costs each list.
"""

from alembic import op

from app.database.migrations.rows import asked_once

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
STANDS = "{0}.valid_from <= " + TODAY + " AND ({0}.valid_to IS NULL OR {0}.valid_to > " + TODAY + ")"

# Of one's own by the register, added for a time, and lent by a colleague who is away.
HELD = f"""
  SELECT g.role, g.area_code FROM staff_grant g
  WHERE g.account_id = linli_account() AND {STANDS.format("g")}
  UNION ALL SELECT x.role, x.area_code FROM added_grant x
  WHERE x.account_id = linli_account() AND x.kind = 'grant' AND x.state = 'standing'
    AND {STANDS.format("x")}
  UNION ALL SELECT lent.role, lent.area_code FROM added_grant c
  JOIN staff_grant lent ON lent.account_id = c.covered_account_id AND {STANDS.format("lent")}
  WHERE c.account_id = linli_account() AND c.kind = 'cover' AND c.state = 'standing'
    AND lent.role <> 'auditor' AND {STANDS.format("c")}
  UNION ALL SELECT lent.role, lent.area_code FROM added_grant c
  JOIN added_grant lent ON lent.account_id = c.covered_account_id AND lent.kind = 'grant'
    AND lent.state = 'standing' AND {STANDS.format("lent")}
  WHERE c.account_id = linli_account() AND c.kind = 'cover' AND c.state = 'standing'
    AND lent.role <> 'auditor' AND {STANDS.format("c")}
"""
FUNCTION = "CREATE FUNCTION linli_{name} RETURNS {what} LANGUAGE sql STABLE PARALLEL SAFE AS $$ {sql} $$"
AREAS = f"""
  SELECT CASE WHEN linli_is_staff() THEN
    (SELECT coalesce(array_agg(h.area_code) FILTER (WHERE h.area_code IS NOT NULL), '{{}}')
     FROM ({HELD}) h) ELSE '{{}}' END
"""
AUDITS = f"""
  SELECT linli_is_staff() AND EXISTS (SELECT FROM ({HELD}) h WHERE h.role = 'auditor')
"""
LIVES_IN = """
  SELECT EXISTS (SELECT FROM resident r JOIN household h ON h.sid = r.household_sid
    JOIN address d ON d.sid = h.address_sid JOIN area a ON a.code = d.grid_code
    WHERE r.id = person AND a.path && areas)
"""

ALL = "linli_sees_all()"
MINE = "(SELECT linli_areas())"
OWN = {
    "mandate": "agent_account_id = linli_account() OR principal_resident_id = linli_resident()",
    "guardianship": "guardian_resident_id = linli_resident() OR ward_resident_id = linli_resident()",
    "in_person_proof": "account_id = linli_account()",
    "audit_entry": "account_id = linli_account()",
    "reveal": "resident_id = linli_resident()",
}
"""Whose a row is besides, as it was before."""

# Asked of staff alone: it reads the register, whose policy asks mandates in turn of a resident.
NARROWED = {
    "mandate": f"linli_is_staff() AND linli_lives_in(principal_resident_id, {MINE})",
    "guardianship": f"linli_is_staff() AND linli_lives_in(ward_resident_id, {MINE})",
    "in_person_proof": f"EXISTS (SELECT FROM area a WHERE a.code = area_code AND a.path && {MINE})",
    "audit_entry": "(SELECT linli_audits())",
    "reveal": "by_account = linli_account()",
}


def upgrade() -> None:
    for name, what, sql in (
        ("areas()", "text[]", AREAS),
        ("audits()", "boolean", AUDITS),
        ("lives_in(person uuid, areas text[])", "boolean", LIVES_IN),
    ):
        op.execute(FUNCTION.format(name=name, what=what, sql=sql))
    for table, own in OWN.items():
        _reach(table, f"{ALL} OR {own} OR {NARROWED[table]}")


def downgrade() -> None:
    for table, own in OWN.items():
        _reach(table, f"{ALL} OR linli_is_staff() OR {own}")
    for name in ("lives_in(uuid, text[])", "audits()", "areas()"):
        op.execute(f"DROP FUNCTION linli_{name}")


def _reach(table: str, condition: str) -> None:
    op.execute(f"ALTER POLICY reach ON {table} USING ({asked_once(condition)})")
