"""The reads behind a copy of what the ground itself holds of a person.

Each reads one record more than a copy lists, so that a copy says when it lists not all of them.
"""

from app.corrections import queries as corrections
from app.privacy.holdings import MOST_RECORDS

ALL = MOST_RECORDS + 1

ACCOUNT = """
SELECT a.id, a.level, a.status, a.made_at, a.seen_at, a.suspended_at,
  EXISTS (SELECT FROM account_password p WHERE p.account_id = a.id) AS has_password,
  t.made_at AS authenticator_made_at, t.confirmed_at AS authenticator_since,
  (SELECT count(*) FROM recovery_code c WHERE c.account_id = a.id AND c.used_at IS NULL)
    AS recovery_codes_left,
  (SELECT array_agg(l.provider ORDER BY 1) FROM provider_link l WHERE l.account_id = a.id)
    AS providers
FROM account a LEFT JOIN authenticator t ON t.account_id = a.id WHERE a.id = %(account_id)s
"""
REGISTER = f"""
SELECT r.id, r.sid, r.name_sealed, r.id_number_sealed, r.relation, r.household_sid, h.address_sid,
  ad.grid_code, r.age_class, m.phone_sealed, w.text_sealed, w.lng_sealed, w.lat_sealed, m.source
FROM resident r LEFT JOIN household h ON h.sid = r.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN src_residents m ON m.sid = r.sid AND m.deleted_at IS NULL
LEFT JOIN src_addresses w ON w.sid = ad.sid AND w.deleted_at IS NULL
WHERE r.id = %(resident_id)s ORDER BY m.source, w.source LIMIT {ALL}
"""  # noqa: S608
CONSENTS = f"""
SELECT purpose, child_id, given_at, withdrawn_at, edition FROM consent
WHERE account_id = %(account_id)s ORDER BY given_at LIMIT {ALL}
"""  # noqa: S608
DEVICES = f"""
SELECT s.id, s.device_sealed, s.way, s.started_at, s.refreshed_at, s.last_used_at, s.expires_at,
  s.revoked_at, s.proved_at, s.proved_how,
  (SELECT count(*) FROM spent_token t WHERE t.session_id = s.id) AS refreshed_times
FROM sign_in_session s WHERE s.account_id = %(account_id)s ORDER BY s.id LIMIT {ALL}
"""  # noqa: S608
MANDATES = f"""
SELECT id, state, powers, matters, valid_from, valid_to, signed_how, text_sealed,
  agent_account_id = %(account_id)s AS as_agent FROM mandate
WHERE agent_account_id = %(account_id)s OR principal_resident_id = %(resident_id)s
ORDER BY id LIMIT {ALL}
"""  # noqa: S608
GRANTS = f"""
SELECT g.role, g.area_code, g.department_code, g.valid_from, g.valid_to, 'register' AS given_by,
  g.staff_sid, g.name_sealed, m.phone_sealed
FROM staff_grant g
LEFT JOIN src_staff m ON m.sid = g.staff_sid AND m.deleted_at IS NULL
WHERE g.account_id = %(account_id)s ORDER BY g.staff_sid, g.role LIMIT {ALL}
"""  # noqa: S608  a number of ours
ADDED = f"""
SELECT id, role, area_code, department_code, valid_from, valid_to, kind AS given_by, state,
  asked_at, decided_at, ended_at, reason_sealed,
  account_id = %(account_id)s AS mine, covered_account_id = %(account_id)s AS of_mine
FROM added_grant WHERE account_id = %(account_id)s OR covered_account_id = %(account_id)s
ORDER BY id LIMIT {ALL}
"""  # noqa: S608
ENTERPRISES = f"""
SELECT e.sid, e.credit_code, e.name, e.area_code, e.status, e.valid_from, e.valid_to,
  e.contact_account_id IS NOT DISTINCT FROM %(account_id)s AS as_contact,
  e.representative_index IS NOT DISTINCT FROM me.number AS as_representative,
  e.representative_number_sealed, m.representative_sealed, m.contact_phone_sealed
FROM enterprise e
LEFT JOIN src_enterprises m ON m.sid = e.sid AND m.deleted_at IS NULL
CROSS JOIN (SELECT (SELECT r.id_number_index FROM resident r
  WHERE r.id = %(resident_id)s) AS number) me
WHERE e.contact_account_id = %(account_id)s OR e.representative_index = me.number
ORDER BY e.sid LIMIT {ALL}
"""  # noqa: S608
FAMILY = f"""
SELECT 'guardian' AS as_, state, basis, begun_at AS since, ended_at AS until FROM guardianship
WHERE guardian_resident_id = %(resident_id)s
UNION ALL
SELECT 'ward', state, basis, begun_at, ended_at FROM guardianship
WHERE ward_resident_id = %(resident_id)s
UNION ALL
SELECT 'consent-to-an-account-of-the-child', NULL, NULL, c.given_at, c.withdrawn_at
FROM (SELECT id FROM guardianship WHERE guardian_resident_id = %(resident_id)s
      UNION ALL SELECT id FROM guardianship WHERE ward_resident_id = %(resident_id)s) p
JOIN guardian_consent c ON c.guardianship_id = p.id
UNION ALL
SELECT 'shares-with-household', NULL, NULL, given_at, withdrawn_at FROM household_share
WHERE account_id = %(account_id)s LIMIT {ALL}
"""  # noqa: S608
PROOFS = f"""
SELECT 'desk' AS how, id, document, area_code, state, coalesce(decided_at, proposed_at) AS at,
  reason_sealed FROM in_person_proof WHERE account_id = %(account_id)s
UNION ALL
SELECT 'network-identity', NULL, NULL, NULL, 'proved', proved_at, NULL FROM network_identity
WHERE account_id = %(account_id)s LIMIT {ALL}
"""  # noqa: S608
TICKETS = f"""
SELECT {corrections.COLUMNS} {corrections.FROM} WHERE asked_by = %(account_id)s
ORDER BY id LIMIT {ALL}
"""
FILES = f"""
SELECT id, kind, media_type, size, uploaded_at FROM stored_file
WHERE uploaded_by = %(account_id)s ORDER BY uploaded_at LIMIT {ALL}
"""  # noqa: S608
TOLD = f"""
SELECT o.id, o.kind, o.told_at, o.sent_at, o.payload_sealed
FROM (SELECT 'account' AS kind, %(account_id)s::uuid AS id
      UNION ALL SELECT 'correction', c.id FROM correction c WHERE c.asked_by = %(account_id)s) mine
JOIN outbox o ON o.subject_kind = mine.kind AND o.subject_id = mine.id
ORDER BY o.told_at LIMIT {ALL}
"""  # noqa: S608
DEEDS = f"""
SELECT at, deed, subject_kind, facts FROM audit_entry
WHERE account_id = %(account_id)s ORDER BY id DESC LIMIT {ALL}
"""  # noqa: S608
# By whom it was done is the auditor's to know, and in the facts are ids of others.
DONE_TO_ME = f"""
SELECT at, deed FROM audit_entry
WHERE account_id IS DISTINCT FROM %(account_id)s
  AND (subject_kind = 'account' AND subject_id = %(account_id)s::text
    OR subject_kind = 'resident' AND subject_id = %(resident_id)s::text)
ORDER BY id DESC LIMIT {ALL}
"""  # noqa: S608
SEEN = f"""
SELECT v.id, v.at, v.role, v.kind, v.field, v.reason, v.words_sealed FROM reveal v
WHERE v.resident_id = %(resident_id)s ORDER BY v.id LIMIT {ALL}
"""  # noqa: S608
COPIES = f"""
SELECT id, asked_at, made_at, taken_at, expires_at FROM holdings_export
WHERE account_id = %(account_id)s ORDER BY id LIMIT {ALL}
"""  # noqa: S608
