"""SQL of whom a notice is for, by the register that has them: residents, accounts, enterprises.

Accounts are the keys of what reaches an account (push, WeChat), residents of what does not need
one (text messages), and enterprises of the phones that they gave. All are drawn at random, so that
no two of them are the same. Each register is asked in two ways, which a test holds to what
notices/audience/reached.py says.
"""

from dataclasses import dataclass

from app.identity.enterprises import STANDS
from notices.audience.people import People
from notices.audience.places import ADDRESS, HOUSEHOLD, PERSON
from notices.audience.reached import (
    BY_OFFICE,
    ENTERPRISES,
    IN_BUSINESS,
    SINGLY,
    TOPS,
    WANTED,
    WORKERS,
)
from notices.channels.preferences.asking import (
    ANSWERED,
    OF_ACCOUNT,
    OF_RESIDENT,
    UNASKED,
    overrides,
)
from notices.channels.preferences.asking import (
    ASKED as WISHES,
)
from notices.channels.protocol import Message

IN_TOPS = "g.path && (SELECT coalesce(array_agg(code), '{}') FROM tops)"
ASKED = f"coalesce({IN_TOPS}, false)"
"""As IN_TOPS, but it lets the server walk the ids and ask each, and not begin with the areas."""
SINGLED_OUT = """
OR 'person:' || r.id = ANY(%(places)s) OR 'household:' || h.id = ANY(%(places)s)
OR 'address:' || h.address_sid = ANY(%(places)s)
"""
HOME = f"(({ASKED} {SINGLED_OUT}) AND {WANTED})"
"""SQL over ``g`` (the home grid), ``r``, ``h`` and ``ac``: the notice is for this resident."""

# Each of these is looked up by its key, whatever the planner thinks: with a join it would read all
# homes of the district for each page, and take a second processor for that. LIMIT forbids it.
LIVES = """
LEFT JOIN LATERAL (SELECT h.id, h.address_sid, h.tenure FROM household h
  WHERE h.sid = r.household_sid LIMIT 1) h ON true
LEFT JOIN LATERAL (SELECT ad.grid_code FROM address ad
  WHERE ad.sid = h.address_sid LIMIT 1) ad ON true
LEFT JOIN area g ON g.code = ad.grid_code
"""

THEIR_ACCOUNT = """
LEFT JOIN LATERAL (SELECT ac.id FROM account ac WHERE ac.resident_id = r.id LIMIT 1) ac ON true
"""

WHICH = "/* which */"
"""Stands in for the condition that picks the keys which are asked."""

BY_RESIDENT = f"""
WITH RECURSIVE {TOPS}, asked AS MATERIALIZED (
  SELECT r.id, r.sid, r.household_sid, r.relation, r.age_class FROM resident r WHERE {WHICH})
SELECT r.id AS key, coalesce(ad.grid_code, '') AS area, {WISHES}, r.sid
FROM asked r {LIVES} {THEIR_ACCOUNT} {OF_RESIDENT}
WHERE {HOME}
"""  # noqa: S608  constants of ours

# Whoever only works there, or acts for an enterprise, is counted nowhere: the count's other half
# knows residents.
BY_ACCOUNT = f"""
WITH RECURSIVE {TOPS}, asked AS MATERIALIZED (
  SELECT ac.id, ac.resident_id FROM account ac WHERE ac.status = 'active' AND {WHICH})
SELECT ac.id AS key, CASE WHEN {HOME} THEN ad.grid_code ELSE '' END AS area, {WISHES}
FROM asked ac LEFT JOIN LATERAL (
  SELECT r.id, r.household_sid, r.relation, r.age_class FROM resident r
  WHERE r.id = ac.resident_id LIMIT 1) r ON true {LIVES} {OF_ACCOUNT}
WHERE {HOME} OR ac.id IN ({BY_OFFICE})
"""  # noqa: S608

IN_GRIDS = f"""
WITH RECURSIVE {TOPS}
SELECT r.id AS resident_id, ac.id AS account_id, ad.grid_code FROM area g
JOIN address ad ON ad.grid_code = g.code JOIN household h ON h.address_sid = ad.sid
JOIN resident r ON r.household_sid = h.sid LEFT JOIN account ac ON ac.resident_id = r.id
WHERE {IN_TOPS} AND {WANTED}
"""  # noqa: S608
RESIDENTS_FIRST = f"""
SELECT s.resident_id, s.account_id, coalesce(s.grid_code, '') AS grid_code FROM (
  SELECT * FROM ({IN_GRIDS}) i UNION ALL
  SELECT resident_id, account_id, grid_code FROM ({SINGLY}) o) s
"""  # noqa: S608
FEW_RESIDENTS = f"""
SELECT r.id AS key, f.grid_code AS area, {WISHES}, r.sid
FROM ({RESIDENTS_FIRST}) f JOIN resident r ON r.id = f.resident_id
LEFT JOIN account ac ON ac.id = f.account_id {OF_ACCOUNT} WHERE true
"""  # noqa: S608
NOBODY = "SELECT NULL::uuid AS account_id WHERE false"
FEW_ACCOUNTS = f"""
SELECT ac.id AS key, f.area, {WISHES} FROM (
  SELECT account_id, max(area) AS area FROM (
    SELECT account_id, grid_code AS area FROM ({RESIDENTS_FIRST}) s WHERE account_id IS NOT NULL
    UNION ALL SELECT account_id, '' FROM ({BY_OFFICE}) o) e GROUP BY account_id) f
JOIN account ac ON ac.id = f.account_id {OF_ACCOUNT} WHERE ac.status = 'active'
"""  # noqa: S608

# Whoever hears for an enterprise is asked as the account of that phone, and counted nowhere.
THEIR_CONTACT = "CROSS JOIN LATERAL (SELECT e.contact_account_id AS id) ac"
BY_ENTERPRISE = f"""
WITH RECURSIVE {TOPS}, asked AS MATERIALIZED (
  SELECT e.id, e.sid, e.area_code, e.contact_account_id FROM enterprise e
  WHERE %(people)s & {int(People.ENTERPRISES)} <> 0 AND {STANDS} AND {WHICH})
SELECT e.id AS key, '' AS area, {WISHES}, e.sid
FROM asked e LEFT JOIN area g ON g.code = e.area_code {THEIR_CONTACT} {OF_ACCOUNT}
WHERE {ASKED}
"""  # noqa: S608
FEW_ENTERPRISES = f"""
SELECT e.id AS key, '' AS area, {WISHES}, e.sid
FROM ({IN_BUSINESS}) e {THEIR_CONTACT} {OF_ACCOUNT} WHERE true
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Register:
    """SQL over one register: ``few`` begins with the audience, ``each`` with some ``key``.

    ``each`` holds WHICH, where those are picked.
    """

    few: str
    each: str
    key: str


RESIDENTS = Register(FEW_RESIDENTS, BY_RESIDENT, "r.id")
ACCOUNTS = Register(FEW_ACCOUNTS, BY_ACCOUNT, "ac.id")
FIRMS = Register(FEW_ENTERPRISES, BY_ENTERPRISE, "e.id")


def plainer(sql: str, message: Message) -> str:
    """Leave out what need not be asked of anybody: half of the cost of a notice to everybody."""
    if overrides(message):
        sql = sql.replace(WISHES, UNASKED).replace(OF_ACCOUNT, "").replace(OF_RESIDENT, "")
    if message.answer_by is None:
        sql = sql.replace(ANSWERED, "false")
    if message.people & People.ALL:
        sql = sql.replace(WANTED, "true")
        sql = sql.replace(THEIR_ACCOUNT, "") if message.answer_by is None else sql
    if not any(place.startswith((ADDRESS, HOUSEHOLD, PERSON)) for place in message.places):
        sql = sql.replace(SINGLED_OUT, "")
    if not message.people & People.WORKERS:
        sql = sql.replace(WORKERS, NOBODY)
    if not message.people & People.ENTERPRISES:
        sql = sql.replace(ENTERPRISES, NOBODY)
    return sql
