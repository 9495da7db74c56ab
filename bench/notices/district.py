"""A made-up district of any size, written set by set: areas, homes, people, notices, receipts.

Every grid has 350 residents, and 304 notices are published to every resident's areas, whatever the
size: to the zone, the sub-zone, the street, the community and the grid. They are spread so that ten
million residents have no more than half a million in all; what a smaller district lacks of these is
addressed to single residents.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from bench.indexes import without_indexes
from bench.notices.readers import ASIDE, RECEIPTS, SESSIONS, STAFF
from bench.notices.words import SUBJECTS, words
from bench.seed import token

IN_A_GRID = 350
IN_A_HOME = 2.8
NOTICES = 500_000
SEEN = {"zone": 40, "subzone": 64, "street": 140, "community": 50, "grid": 10}
READERS = 2000
FILLED = (
    *("address", "household", "resident", "account"),
    *("notice", "notice_target", "notice_receipt"),
)
"""The tables that grow with the district; what is put aside does too, and is asked of these."""
SEED = 20261125
SEALED = b"\1" * 40  # nobody opens it


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each there are."""

    name: str
    residents: int
    notices: int = NOTICES

    @property
    def grids(self) -> int:
        """Return how many grids."""
        return -(-self.residents // IN_A_GRID)

    @property
    def homes(self) -> int:
        """Return how many households, each at an address of its own."""
        return int(self.residents / IN_A_HOME)


AREAS = """
INSERT INTO area (code, name, level, parent_code, path, valid_from)
WITH g AS (SELECT n, n / 10 AS c, n / 80 AS s, n / 640 AS z
           FROM generate_series(0, %(grids)s - 1) n),
named AS (SELECT n, 'B' AS zone, 'BZ' || z AS subzone, 'BS' || s AS street, 'BC' || c AS community,
          'BG' || n AS grid FROM g)
SELECT 'B', 'zone', 'zone', NULL, ARRAY['B'], date '2024-01-01'
UNION ALL SELECT DISTINCT subzone, subzone, 'subzone', zone, ARRAY[zone, subzone],
  date '2024-01-01' FROM named
UNION ALL SELECT DISTINCT street, street, 'street', subzone, ARRAY[zone, subzone, street],
  date '2024-01-01' FROM named
UNION ALL SELECT DISTINCT community, community, 'community', street,
  ARRAY[zone, subzone, street, community], date '2024-01-01' FROM named
UNION ALL SELECT grid, grid, 'grid', community,
  ARRAY[zone, subzone, street, community, grid], date '2024-01-01' FROM named
"""

HOMES = (
    "INSERT INTO address (sid, grid_code)"
    " SELECT 'A' || n, 'BG' || n * %(grids)s::bigint / %(homes)s"
    " FROM generate_series(0, %(homes)s - 1) n",
    "INSERT INTO household (sid, address_sid, tenure) SELECT 'H' || n, 'A' || n,"
    " CASE WHEN n %% 10 < 7 THEN 'owner' ELSE 'tenant' END"
    " FROM generate_series(0, %(homes)s - 1) n",
)

# The first of a household is its head; the others are a spouse, a child, and who else there is.
PEOPLE = """
INSERT INTO resident (sid, name_sealed, id_number_sealed, id_number_index, household_sid, relation,
                      age_class)
SELECT 'R' || n, %(sealed)s, %(sealed)s, decode(md5('n' || n), 'hex'),
  'H' || n * %(homes)s::bigint / %(residents)s,
  (ARRAY['head', 'spouse', 'child', 'other'])[1 + n %% 4],
  CASE n %% 4 WHEN 2 THEN (ARRAY['child', 'child', 'minor', 'adult'])[1 + n / 4 %% 4]
    ELSE CASE WHEN n %% 5 = 0 THEN 'elder' ELSE 'adult' END END
FROM generate_series(0, %(residents)s - 1) n
"""
ACCOUNTS = """
INSERT INTO account (phone_index, resident_id, level)
SELECT decode(md5('p' || sid), 'hex'), id, 2 FROM resident
"""

WORDS = """
CREATE TEMP TABLE words AS SELECT * FROM unnest(%(at)s::int[], %(titles)s::text[],
  %(bodies)s::text[], %(large)s::text[], %(grams)s::text[]) AS w(at, title, body, large, grams)
"""

PLACES = """
CREATE TEMP TABLE placed AS
SELECT row_number() OVER (ORDER BY random()) AS seq, place, people
FROM (
  SELECT a.code AS place, CASE WHEN k %% 20 = 0 THEN 8 WHEN k %% 20 = 1 THEN 2 ELSE 1 END AS people
  FROM area a, generate_series(1, (%(seen)s::jsonb ->> a.level)::int) k
  UNION ALL
  (SELECT 'person:' || id, 1 FROM generate_series(1, 50), resident
   LIMIT greatest(0, %(notices)s - (
     SELECT sum((%(seen)s::jsonb ->> a.level)::int) FROM area a)))) p
"""

NOTICES_WRITTEN = """
INSERT INTO notice (id, root_id, revision, state, version, kind, priority, drill, pinned, needs_ack,
  title, body_md, body_html, large_text, read_aloud, grams, audience, places, people, area_codes,
  touches, drafted_by, drafted_at, published_at, publish_seq, counted_at)
SELECT id, id, 1, 'published', 4, 'general', 0, false, seq %% 100 = 0, false,
  w.title || ' ' || seq, w.body, '<p>' || w.body || '</p>', w.large, w.large,
  string_to_array(w.grams, ' '), '{}', ARRAY[place], people, ARRAY[split_part(place, ':', 1)],
  ARRAY['B', place], gen_random_uuid(), now(), now() - (%(notices)s - seq) * interval '1 minute',
  seq, now()
FROM (SELECT *, gen_random_uuid() AS id FROM placed) p JOIN words w ON w.at = seq %% %(subjects)s
"""
TARGETS = """
INSERT INTO notice_target (place, seq, notice_id, people, priority, pinned, expires_at)
SELECT places[1], publish_seq, id, people, 0, pinned, 'infinity' FROM notice
"""
NUMBERED = (
    "INSERT INTO notice_change SELECT publish_seq, id, 'publish', published_at FROM notice",
    "INSERT INTO notice_mark SELECT place, max(seq) FROM notice_target"
    " WHERE place NOT LIKE '%%:%%' GROUP BY place",
)


class Miscounted(Exception):
    """There are not as many notices as the size has: sizes could not be compared."""


@dataclass(frozen=True, slots=True)
class District:
    """Who there is to be measured: readers with their tokens, and two members of staff."""

    tokens: list[str]
    staff: list[UUID]


def build(owner_url: str, environment: Mapping[str, str], size: Size) -> District:
    """Write a district of a size into an empty, migrated database.

    Raises:
        Miscounted
    """
    about = {
        "grids": size.grids,
        "homes": size.homes,
        "residents": size.residents,
        "notices": size.notices,
        "readers": READERS,
        "subjects": len(SUBJECTS),
        "sealed": SEALED,
        "seen": Jsonb(SEEN),
    }
    with psycopg.connect(owner_url) as connection:
        connection.execute("SET linli.sight = 'system'")
        connection.execute("SELECT setseed(0.20261125)")
        connection.execute("SET LOCAL work_mem = '256MB'")
        with without_indexes(connection, FILLED):
            for statement in (AREAS, *HOMES, PEOPLE, ACCOUNTS):
                connection.execute(statement.encode(), about)
            connection.execute(WORDS.encode(), words())
            connection.execute(PLACES.encode(), about)
            if connection.execute("SELECT count(*) FROM placed").fetchone() != (size.notices,):
                raise Miscounted(size.name)
            for statement in (NOTICES_WRITTEN, TARGETS, *NUMBERED, RECEIPTS):
                connection.execute(statement.encode(), about)
        with without_indexes(connection, ["inbox_state"]):
            connection.execute(ASIDE.encode(), about)
        sessions = connection.execute(SESSIONS.encode(), about).fetchall()
        staff = [
            connection.execute(
                STAFF.encode(),
                {"index": secrets.token_bytes(16), "sid": f"S{n}", "sealed": SEALED},
            ).fetchone()
            for n in range(2)
        ]
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    key = base64.b64decode(environment["LINLI_JWT_KEY"])
    tokens = [token(account, session, key) for session, account in sessions]
    return District(tokens, [row[0] for row in staff if row])
