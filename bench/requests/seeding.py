"""A district of many years: requests with their timelines, written set by set, not call by call.

One in ten is open, the others are settled or rated; each has the entries that its life would have
left. They lie all over the zone, in the outline of a real grid of the sample, and belong to
several matters. The trigger that counts cells is off meanwhile and the counts are made at the
end, as a restored database has them.
"""

from typing import Any

import psycopg

SEALED = b"\1" * 90  # some 25 words, as long as sealing makes them; nobody opens these

# Points are thrown into the box of each grid; about half of them lie inside its outline.
PLACES = """
CREATE UNLOGGED TABLE bench_place AS
WITH grid AS (
  SELECT a.code, box(outline) AS edge, outline
  FROM area a JOIN area_polygon p ON p.code = a.code,
       LATERAL (SELECT translate(p.polygon #>> '{coordinates,0}', '[] ', '()')::polygon AS outline)
         AS drawn
  WHERE a.level = 'grid' AND p.polygon ->> 'type' = 'Polygon'
), thrown AS (
  SELECT code, outline,
    (edge[1])[0] + random() * ((edge[0])[0] - (edge[1])[0]) AS lng,
    (edge[1])[1] + random() * ((edge[0])[1] - (edge[1])[1]) AS lat
  FROM grid, generate_series(1, 400)
), inside AS (
  SELECT code, lng, lat FROM thrown WHERE outline @> point(lng, lat) ORDER BY random()
)
SELECT (row_number() OVER ())::int AS n, code, lng, lat FROM inside
"""

CASES = """
WITH place AS (SELECT count(*)::int AS n FROM bench_place),
matter AS (
  SELECT code, handled_by, department_code, (row_number() OVER (ORDER BY code))::int - 1 AS k,
    (count(*) OVER ())::int AS of
  FROM matter WHERE handled_by = 'grid'),
drawn AS (
  SELECT n, n %% 10 = 0 AS open, now() - (%(last)s - n) * interval '20 seconds' AS filed_at,
    md5(n::text || 'case') AS dice
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n),
made AS (INSERT INTO service_request
  (id, number, matter_code, account_id, channel, words_sealed, state, version, lng, lat, raw_lng,
   raw_lat, raw_crs, grid_code, near_edge, handled_by, department_code, claimed_by, filed_at,
   deadline_at, deadline_provisional, calendar_version, settled_at, result)
SELECT
  (lpad(to_hex((extract(epoch FROM d.filed_at) * 1000)::bigint), 12, '0') || '7'
   || substr(dice, 1, 3) || '8' || substr(dice, 4, 15))::uuid,
  to_char(d.filed_at, 'YYYYMMDD') || '-B' || d.n, m.code, %(account)s, 'app', %(sealed)s,
  CASE WHEN open THEN CASE d.n %% 30 WHEN 0 THEN 'claimed' ELSE 'dispatched' END
       WHEN d.n %% 2 = 0 THEN 'rated' ELSE 'settled' END,
  CASE WHEN open THEN 1 ELSE 3 END,
  p.lng, p.lat, p.lng, p.lat, 'wgs84', p.code, false, m.handled_by, m.department_code,
  CASE WHEN NOT open OR d.n %% 30 = 0 THEN md5((d.n %% 997)::text)::uuid END,
  d.filed_at, d.filed_at + interval '3 days', false, 'bench',
  CASE WHEN NOT open THEN d.filed_at + interval '2 days' END,
  CASE WHEN NOT open THEN 'solved' END
FROM drawn d, place, LATERAL (
  SELECT code, lng, lat FROM bench_place p
  WHERE p.n = 1 + (('x' || substr(dice, 20, 7))::bit(28)::int %% place.n)) p, matter m
WHERE m.k = d.n %% m.of
RETURNING id, account_id, claimed_by, state, filed_at, settled_at),
rated AS (
  INSERT INTO rating (request_id, account_id, stars, rated_at)
  SELECT id, account_id, 5, settled_at FROM made WHERE state = 'rated')
INSERT INTO request_event (request_id, at, step, account_id, note_sealed, facts)
SELECT r.id, e.at, e.step, e.account, e.note, e.facts::jsonb FROM made r, LATERAL (VALUES
  (r.filed_at, 'file', r.account_id, NULL, '{"channel": "app"}'),
  (r.filed_at, 'dispatch', r.account_id, NULL,
   '{"grid": "DDHT-XQ-LT-C03-G2", "metres_to_edge": 40, "handled_by": "grid"}'),
  (CASE WHEN r.claimed_by IS NOT NULL THEN r.filed_at + interval '3 hours' END,
   'claim', r.claimed_by, NULL, '{}'),
  (r.settled_at, 'settle', r.claimed_by, %(sealed)s::bytea, '{"result": "solved"}')
) AS e(at, step, account, note, facts)
WHERE e.at IS NOT NULL
"""

CELLS = """
DELETE FROM request_cell_change; DELETE FROM request_cell;
INSERT INTO request_cell (x, y, matter_code, n)
SELECT round(lng::numeric * 1000), round(lat::numeric * 1000), matter_code, count(*)
FROM service_request WHERE state IN ('dispatched', 'claimed') AND NOT confidential GROUP BY 1, 2, 3
"""

SIZES = """
SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c
WHERE c.relname = ANY(%(tables)s) AND c.relkind = 'r'
"""
TABLES = ["service_request", "request_event", "rating", "request_cell"]
STEP = 100_000


def places(url: str) -> list[tuple[float, float, str]]:
    """Throw points into the grids of the zone; return some of them with their grids."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT setseed(0.20261125)")
        connection.execute(PLACES)
        connection.execute("CREATE UNIQUE INDEX ON bench_place (n)")
        connection.execute("ANALYZE bench_place")
        return list(connection.execute("SELECT lng, lat, code FROM bench_place WHERE n <= 4000"))


def grow(url: str, before: int, size: int, account: Any) -> None:
    """Write cases until there are ``size``; ``before`` were written already."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET session_replication_role = replica")  # no trigger, for this session
        for first in range(before + 1, size + 1, STEP):
            about = {
                "first": first,
                "last": min(size, first + STEP - 1),
                "account": account,
                "sealed": SEALED,
            }
            connection.execute(CASES, about)
        for statement in CELLS.split(";"):
            connection.execute(statement)
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def bytes_per_case(url: str) -> int:
    """Return the bytes of a case with its timeline, rating and indexes."""
    with psycopg.connect(url, autocommit=True) as connection:
        (total,) = connection.execute(SIZES, {"tables": TABLES}).fetchone() or (0,)
        (cases,) = connection.execute("SELECT count(*) FROM service_request").fetchone() or (1,)
    return int(total) // int(cases)
