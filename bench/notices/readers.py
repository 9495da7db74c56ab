"""Who reads and who publishes in the made-up district: what they have opened and put aside."""

from notices.audience.people import OF_RESIDENT

# Everybody has opened two.
RECEIPTS = """
INSERT INTO notice_receipt (account_id, seq, read_at)
SELECT id, half * (%(notices)s / 2) + 1 + floor(random() * (%(notices)s / 2))::bigint, now()
FROM account, generate_series(0, 1) half
"""
# Six in ten have put aside what is older than the last tenth, as who they are.
ASIDE = f"""
INSERT INTO inbox_state (account_id, read_upto, places, people, matters)
SELECT a.id, (%(notices)s * (0.85 + random() * 0.1))::bigint, p.places,
  array_fill({OF_RESIDENT}, ARRAY[cardinality(p.places)]), '{{}}'
FROM account a JOIN resident r ON r.id = a.resident_id JOIN household h ON h.sid = r.household_sid
JOIN address d ON d.sid = h.address_sid JOIN area g ON g.code = d.grid_code
CROSS JOIN LATERAL (SELECT g.path || ARRAY['address:' || h.address_sid, 'household:' || h.id,
  'person:' || r.id]) AS p(places)
WHERE abs(hashtext(a.id::text) %% 10) < 6
"""
SESSIONS = """
INSERT INTO sign_in_session
  (id, account_id, device_sealed, started_at, expires_at, refreshed_at, refresh_hash)
SELECT gen_random_uuid(), id, %(sealed)s, now(), now() + interval '1 day', now(),
  decode(md5('s' || id) || md5('t' || id), 'hex')
FROM account ORDER BY hashtext(id::text) LIMIT %(readers)s RETURNING id, account_id
"""
STAFF = """
WITH made AS (INSERT INTO account (phone_index) VALUES (%(index)s) RETURNING id)
INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code, valid_from)
SELECT %(sid)s, 'district_staff', id, %(sealed)s, 'B', date '2024-01-01' FROM made
RETURNING account_id
"""
