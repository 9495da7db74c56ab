"""Where somebody lived at a moment, as the register had it then."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from app import clock
from app.database import beyond, read

# The first period that ended after the moment is the one it lies in; if none has, it is today's.
THEN = """
coalesce((SELECT p.was FROM past_home p WHERE p.kind = '{table}' AND p.sid = {sid}
  AND p.until_at > m.at ORDER BY p.until_at LIMIT 1),
  (SELECT t.{column} FROM {table} t WHERE t.sid = {sid}))
"""
HOUSEHOLD = THEN.format(table="resident", column="household_sid", sid="r.sid")
ADDRESS = THEN.format(table="household", column="address_sid", sid="h.sid")
GRID = THEN.format(table="address", column="grid_code", sid="a.sid")
# Where ``r`` lived at each moment ``m``.
LIVED = f"""
SELECT h.sid AS household_sid, a.sid AS address_sid, g.code AS grid_code, ar.path, m.until_at
FROM moments m JOIN resident r ON r.id = %(resident)s
CROSS JOIN LATERAL (SELECT {HOUSEHOLD} AS sid) h
CROSS JOIN LATERAL (SELECT {ADDRESS} AS sid) a
CROSS JOIN LATERAL (SELECT {GRID} AS code) g
LEFT JOIN area ar ON ar.code = g.code ORDER BY m.until_at
"""  # noqa: S608  constants of ours
HOME = f"""
WITH moments AS (SELECT %(at)s::timestamptz AS at, %(at)s::timestamptz AS until_at) {LIVED}
"""

# When the register changed where somebody lives: they moved, or their household or address did.
HOMES = f"""
WITH me AS (SELECT sid, household_sid FROM resident WHERE id = %(resident)s),
  homes AS (SELECT household_sid AS sid FROM me UNION SELECT p.was FROM past_home p
    WHERE p.kind = 'resident' AND p.sid IN (SELECT sid FROM me)),
  doors AS (SELECT address_sid AS sid FROM household WHERE sid IN (SELECT sid FROM homes)
    UNION SELECT p.was FROM past_home p
    WHERE p.kind = 'household' AND p.sid IN (SELECT sid FROM homes)),
  moves AS (SELECT p.until_at FROM past_home p
    WHERE p.kind = 'resident' AND p.sid IN (SELECT sid FROM me)
      OR p.kind = 'household' AND p.sid IN (SELECT sid FROM homes)
      OR p.kind = 'address' AND p.sid IN (SELECT sid FROM doors)
    GROUP BY p.until_at ORDER BY p.until_at LIMIT 1000),
  moments AS (SELECT until_at - interval '1 microsecond' AS at, until_at FROM moves
    UNION ALL SELECT %(now)s, %(now)s)
{LIVED}
"""  # noqa: S608  constants of ours


@dataclass(frozen=True, slots=True)
class Home:
    """A household, its address and the codes from the zone down to the grid."""

    household_sid: str | None
    address_sid: str | None
    grid_code: str | None
    area_path: tuple[str, ...]


def home_at(resident_id: UUID | None, moment: datetime) -> Home | None:
    """Return where a resident of the register lived at ``moment``, as far as it is known.

    Of a time before the platform's first reading it is what that reading said.
    """
    with beyond():  # what the register said once is nobody's in their own sight
        found = read(HOME, {"resident": resident_id, "at": moment})
    return _home(found[0]) if found else None


def past_homes(resident_id: UUID | None) -> list[tuple[Home, datetime]]:
    """Return where a resident of the register lived and until when, the first first.

    As far as it is kept: three years. Where they live today is no past home.
    """
    with beyond():
        found = read(HOMES, {"resident": resident_id, "now": clock.now()})
    lived = [(_home(row), row.until_at) for row in found]
    periods = [list(each) for _, each in groupby(lived, key=lambda each: each[0])]
    return [each[-1] for each in periods[:-1]]


def _home(row: Any) -> Home:
    return Home(row.household_sid, row.address_sid, row.grid_code, tuple(row.path or ()))
