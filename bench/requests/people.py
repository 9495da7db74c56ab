"""Who files and who works in the measurement: residents and grid workers, all signed in."""

from dataclasses import dataclass

import psycopg

from bench.seed import signed_in

RESIDENTS = 400
CROWD = 50  # who run for one and the same request

ACCOUNTS = """
INSERT INTO account (phone_index, resident_id, level)
SELECT decode(md5(sid), 'hex'), id, 2 FROM resident ORDER BY sid LIMIT %(n)s RETURNING id
"""

# A worker for every community, who may take what lies in its grids, and a crowd for one street.
WORKERS = """
WITH of AS (
  SELECT code, row_number() OVER (ORDER BY code) AS n FROM area WHERE level = 'community'
  UNION ALL
  SELECT %(street)s, 1000000 + n FROM generate_series(1, %(crowd)s) n
), made AS (
  INSERT INTO account (phone_index, level)
  SELECT decode(md5('worker ' || n), 'hex'), 1 FROM of ORDER BY n RETURNING id, phone_index
)
INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code, valid_from)
SELECT 'B' || n, 'grid_worker', made.id, '\\x00', of.code, DATE '2020-01-01'
FROM of JOIN made ON made.phone_index = decode(md5('worker ' || n), 'hex')
RETURNING account_id, area_code, staff_sid
"""

COMMUNITY = """
SELECT g.code, c.code FROM area g JOIN area c ON c.code = ANY(g.path) AND c.level = 'community'
WHERE g.level = 'grid'
"""


@dataclass(frozen=True)
class People:
    """Access tokens: of residents, of the worker of each grid, and of the crowd of one street."""

    account: object
    residents: list[str]
    worker_of: dict[str, str]
    crowd: list[str]


def sign_in(url: str, jwt_key: bytes, street: str) -> People:
    """Make accounts and sessions; return their tokens."""
    with psycopg.connect(url) as connection:
        accounts = [row[0] for row in connection.execute(ACCOUNTS, {"n": RESIDENTS})]
        residents = [signed_in(connection, account, jwt_key) for account in accounts]
        made = connection.execute(WORKERS, {"street": street, "crowd": CROWD}).fetchall()
        crowd, by_community = [], {}
        for account, area, sid in made:
            token = signed_in(connection, account, jwt_key)
            if int(sid[1:]) > 1_000_000:
                crowd.append(token)
            else:
                by_community[area] = token
        community: dict[str, str] = dict(connection.execute(COMMUNITY).fetchall())
    worker_of = {grid: by_community[code] for grid, code in community.items()}
    return People(accounts[0], residents, worker_of, crowd)
