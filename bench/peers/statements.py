"""The SQL that the peers share where they speak SQL; ``%(name)s`` as psycopg writes it."""

ACTOR = """
SELECT a.id, a.level, a.resident_id, h.id, ar.path,
       (SELECT array_agg(ARRAY[g.role, g.area_code, g.department_code])
        FROM staff_grant g WHERE g.account_id = a.id AND g.valid_from <= %(today)s
          AND (g.valid_to IS NULL OR g.valid_to > %(today)s)) AS grants
FROM sign_in_session s
JOIN account a ON a.id = s.account_id
LEFT JOIN resident r ON r.id = a.resident_id
LEFT JOIN household h ON h.sid = r.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid
LEFT JOIN area ar ON ar.code = ad.grid_code
WHERE s.id = %(session)s AND s.account_id = %(account)s AND s.revoked_at IS NULL
  AND s.expires_at > now() AND a.status = 'active'
"""

# The index hands out cases by distance alone, so ties are taken whole and put in order
# outside. So is the radius cut: one more condition inside, and the planner expects so few cases
# that it would rather read and sort all of them.
NEAR = """
SELECT * FROM (
  SELECT r.id, r.number, r.matter_code, r.state,
         round(r.lng::numeric, 3)::float8 AS lng, round(r.lat::numeric, 3)::float8 AS lat,
         r.filed_at,
         r.place <-> %(here)s::cube AS chord
  FROM service_request r
  WHERE r.state IN ('filed', 'dispatched', 'claimed')
    AND r.place && cube_enlarge(%(here)s::cube, %(reach)s, 3)
  ORDER BY r.place <-> %(here)s::cube FETCH FIRST %(limit)s ROWS WITH TIES
) nearest WHERE chord <= %(reach)s ORDER BY chord, id LIMIT %(limit)s
"""

CLAIM = """
INSERT INTO idempotency_key (account_id, operation, key, fingerprint, made_at)
VALUES (%(account)s, %(operation)s, %(key)s, %(fingerprint)s, now())
ON CONFLICT DO NOTHING RETURNING 1
"""

FIRST = """
SELECT fingerprint, status, etag, location, answer_sealed FROM idempotency_key
WHERE account_id = %(account)s AND operation = %(operation)s AND key = %(key)s
"""

STORE = """
UPDATE idempotency_key
SET status = 201, etag = %(etag)s, location = %(location)s, answer_sealed = %(sealed)s
WHERE account_id = %(account)s AND operation = %(operation)s AND key = %(key)s
"""

MATTER = """
SELECT m.code, m.department_code, m.handled_by, m.limit_count, m.limit_unit, m.level_required
FROM matter m WHERE m.code = %(code)s
  AND m.valid_from <= %(today)s AND (m.valid_to IS NULL OR m.valid_to > %(today)s)
"""

FILE = """
INSERT INTO service_request
  (id, number, matter_code, account_id, resident_id, channel, words_sealed, state, version,
   lng, lat, raw_lng, raw_lat, raw_crs, grid_code, near_edge, handled_by, department_code,
   filed_at, deadline_at, deadline_provisional, calendar_version)
VALUES
  (%(id)s, %(day)s || '-' || lpad(nextval('service_request_number')::text, 9, '0'), %(matter)s,
   %(account)s, %(resident)s, 'app', %(words)s, 'dispatched', 1,
   %(lng)s, %(lat)s, %(raw_lng)s, %(raw_lat)s, %(raw_crs)s, %(grid)s, %(near_edge)s,
   %(handled_by)s, %(department)s, %(filed_at)s, %(due_at)s, %(provisional)s, %(calendar)s)
RETURNING number
"""

EVENTS = """
INSERT INTO request_event (request_id, at, step, account_id, facts)
VALUES (%(request)s, clock_timestamp(), 'file', %(account)s, %(filed)s),
       (%(request)s, clock_timestamp(), 'dispatch', %(account)s, %(dispatched)s)
RETURNING at
"""

AUDIT = """
INSERT INTO audit_entry (at, account_id, deed, subject_kind, subject_id, request_id, facts)
VALUES (now(), %(account)s, 'request-dispatch', 'request', %(subject)s, %(name)s, %(facts)s)
"""

TELL = """
WITH told AS (
  INSERT INTO outbox (id, subject_kind, subject_id, seq, kind, payload_sealed, told_at, due_at)
  SELECT %(id)s, 'request', %(subject)s, coalesce(max(seq), 0) + 1, 'request-filed', %(payload)s,
         now(), now()
  FROM outbox WHERE subject_kind = 'request' AND subject_id = %(subject)s
  RETURNING id)
SELECT pg_notify('linli_work', 'outbox') FROM told
"""
