"""A district at work: 100,000 open cases, and residents who are signed in."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import psycopg

from app.http.tokens import ALGORITHM, AUDIENCE, ISSUER

CASES = 100_000
RESIDENTS = 64
SEALED = b"\1" * 60  # nobody opens it
STREET = "DDHT-XQ-LT"  # 浪头镇

# Points are thrown into the box of each grid until enough of them lie inside its outline.
SEED_CASES = """
WITH grid AS (
  SELECT a.code, box(outline) AS edge, outline
  FROM area a JOIN area_polygon p ON p.code = a.code,
       LATERAL (SELECT translate(p.polygon #>> '{coordinates,0}', '[] ', '()')::polygon AS outline)
         AS drawn
  WHERE a.level = 'grid' AND %(street)s = ANY(a.path)
), thrown AS (
  SELECT code, outline,
    (edge[1])[0] + random() * ((edge[0])[0] - (edge[1])[0]) AS lng,
    (edge[1])[1] + random() * ((edge[0])[1] - (edge[1])[1]) AS lat
  FROM grid, generate_series(1, 4 * %(cases)s / (SELECT count(*) FROM grid))
), cases AS (
  SELECT code, lng, lat, row_number() OVER () AS n
  FROM thrown WHERE outline @> point(lng, lat) ORDER BY random() LIMIT %(cases)s
)
INSERT INTO service_request
  (id, number, matter_code, account_id, channel, words_sealed, state, version, lng, lat,
   raw_lng, raw_lat, raw_crs, grid_code, near_edge, handled_by, department_code, filed_at,
   deadline_at, deadline_provisional, calendar_version)
SELECT gen_random_uuid(), 'B-' || n, m.code, %(account)s, 'app', %(sealed)s,
       CASE WHEN n %% 3 = 0 THEN 'claimed' ELSE 'dispatched' END, 1, c.lng, c.lat,
       c.lng, c.lat, 'wgs84', c.code, false, m.handled_by, m.department_code,
       now() - n * interval '1 minute', now() + interval '3 days', false, 'bench'
FROM cases c JOIN matter m ON m.code = 'RUBBISH'
"""

ACCOUNTS = """
INSERT INTO account (phone_index, resident_id, level)
SELECT decode(md5(sid), 'hex'), id, 2 FROM resident ORDER BY sid LIMIT %(n)s RETURNING id
"""

SESSION = """
INSERT INTO sign_in_session
  (id, account_id, device_sealed, started_at, expires_at, refreshed_at, refresh_hash)
VALUES
  (gen_random_uuid(), %(account)s, %(sealed)s, now(), now() + interval '1 day', now(), %(hash)s)
RETURNING id
"""


def seed(url: str, jwt_key: bytes) -> list[str]:
    """Write the cases and the residents; return an access token for each resident."""
    with psycopg.connect(url) as connection:
        accounts = [row[0] for row in connection.execute(ACCOUNTS, {"n": RESIDENTS})]
        tokens = [signed_in(connection, account, jwt_key) for account in accounts]
        values = {"street": STREET, "cases": CASES, "account": accounts[0], "sealed": SEALED}
        written = connection.execute(SEED_CASES, values).rowcount
        if written != CASES:
            raise RuntimeError(f"{written} cases instead of {CASES}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    return tokens


def signed_in(connection: psycopg.Connection[Any], account: UUID, key: bytes) -> str:
    """Begin a session of an account; return its access token."""
    values = {"account": account, "hash": secrets.token_bytes(32), "sealed": SEALED}
    session = connection.execute(SESSION, values).fetchone()
    assert session is not None
    return token(account, session[0], key)


def token(account: UUID, session: UUID, key: bytes) -> str:
    """Return an access token as the product issues them, but for an hour."""
    now = datetime.now(UTC)
    claims = {
        "sub": str(account),
        "sid": str(session),
        "jti": secrets.token_hex(16),
        "type": "access",
        "fresh": False,
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(hours=1),
        "iss": ISSUER,
        "aud": AUDIENCE,
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM)
