"""For which enterprises somebody acts is asked of those who act for any, as grants are of staff.

Setting that question up was a tenth of what the server does to find out who asks, at every request
and for everybody.
"""

from alembic import op

from app.database.migrations.windows import WINDOW, open_window

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
PATHS = """
SELECT array_agg(DISTINCT array_to_string(ea.path, '/'))
FROM enterprise e JOIN area ea ON ea.code = e.area_code
WHERE ({whose})
  AND e.status = 'active' AND e.valid_from <= {day}
  AND (e.valid_to IS NULL OR e.valid_to > {day})
"""
THEIRS = "e.contact_account_id = a.id OR e.representative_index = r.id_number_index"
BEFORE = f"({PATHS.format(whose=THEIRS, day=TODAY)}) AS enterprise_paths"
# Two questions, each with an index of its own that answers alone.
APART = """(
    EXISTS (SELECT FROM enterprise e WHERE e.contact_account_id = a.id)
    OR EXISTS (SELECT FROM enterprise e WHERE e.representative_index = r.id_number_index)
  ) AS has_enterprise"""
STANDING = """
SELECT s.id AS session_id, a.id AS account_id, a.level, a.resident_id, a.reading_mark,
  a.suspended_at, h.id AS household_id, ar.path,
  {enterprises},
  k.subject AS key_of, k.wrapped AS key_wrapped,
  s.started_at, s.last_used_at, s.expires_at, s.proved_at, s.proved_how,
  EXISTS (SELECT FROM authenticator t
    WHERE t.account_id = a.id AND t.confirmed_at IS NOT NULL) AS has_totp,
  EXISTS (SELECT FROM staff_grant o WHERE o.account_id = a.id) AS is_staff
FROM sign_in_session s
JOIN account a ON a.id = s.account_id
LEFT JOIN subject_key k ON k.subject = a.id
LEFT JOIN resident r ON r.id = a.resident_id
LEFT JOIN household h ON h.sid = r.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN area ar ON ar.code = ad.grid_code
WHERE s.revoked_at IS NULL AND a.status = 'active' AND (SELECT linli_sees_all())
"""
NO_LONGER_READ = "area_code, status, valid_from, valid_to"

# Asked in the sight in which it is called, like grants; in a language of its own, so that it costs
# nothing where it is not.
FUNCTION = f"""
CREATE FUNCTION linli_enterprise_paths(who uuid, day date) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  number bytea := (SELECT r.id_number_index FROM account a JOIN resident r ON r.id = a.resident_id
                   WHERE a.id = who);
BEGIN
  RETURN ({PATHS.format(whose="e.contact_account_id = who OR e.representative_index = number", day="day")});
END $$
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    op.execute("DROP VIEW standing_session")
    op.execute(f"REVOKE SELECT ({NO_LONGER_READ}) ON enterprise FROM {WINDOW}")  # noqa: S608
    open_window("standing_session", STANDING.format(enterprises=APART))


def downgrade() -> None:
    op.execute("DROP VIEW standing_session")
    op.execute(f"GRANT SELECT ({NO_LONGER_READ}) ON enterprise TO {WINDOW}")
    open_window("standing_session", STANDING.format(enterprises=BEFORE))
    op.execute("DROP FUNCTION linli_enterprise_paths(uuid, date)")
