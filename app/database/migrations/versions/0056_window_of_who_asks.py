"""Who is asking is found through a window: the policies of eight tables are asked as one.

Each policy brings questions of its own into the plan, two dozen in all, and setting them up at every
request cost as much as finding the person. The window opens for what looks beyond, and for no
sight of anybody.
"""

from alembic import op

from app.database.migrations.windows import WINDOW, look_through, open_window, shut_windows

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
STANDING = f"""
SELECT s.id AS session_id, a.id AS account_id, a.level, a.resident_id, a.reading_mark,
  a.suspended_at, h.id AS household_id, ar.path,
  (SELECT array_agg(DISTINCT array_to_string(ea.path, '/'))
   FROM enterprise e JOIN area ea ON ea.code = e.area_code
   WHERE (e.contact_account_id = a.id OR e.representative_index = r.id_number_index)
     AND e.status = 'active' AND e.valid_from <= {TODAY}
     AND (e.valid_to IS NULL OR e.valid_to > {TODAY})) AS enterprise_paths,
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
"""  # noqa: S608  constants of ours

GUARDED = {
    "sign_in_session": "id, account_id, revoked_at, started_at, last_used_at, expires_at, proved_at,"
    " proved_how",
    "account": "id, level, resident_id, reading_mark, suspended_at, status",
    "subject_key": "subject, wrapped",
    "resident": "id, household_sid, id_number_index",
    "household": "id, sid, address_sid",
    "enterprise": "area_code, contact_account_id, representative_index, status, valid_from, valid_to",
    "authenticator": "account_id, confirmed_at",
    "staff_grant": "account_id",
}
OPEN = {"address": "sid, grid_code", "area": "code, path"}


def upgrade() -> None:
    for table, columns in GUARDED.items():
        look_through(table, columns.split(", "))
    for table, columns in OPEN.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {WINDOW}")
    open_window("standing_session", STANDING)


def downgrade() -> None:
    op.execute("DROP VIEW standing_session")
    for table, columns in OPEN.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM {WINDOW}")  # noqa: S608
    for table, columns in GUARDED.items():
        shut_windows(table, columns.split(", "))
