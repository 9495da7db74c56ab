"""Where somebody lived at a moment, as the register had it then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from app import clock
from app.database import beyond, read

# The first period that ended after the moment is the one it lies in; if none has, it is today's.
THEN = """
coalesce((SELECT p.was FROM past_home p WHERE p.kind = '{kind}' AND p.sid = {sid}
  AND p.until_at > %(at)s ORDER BY p.until_at LIMIT 1),
  (SELECT t.{column} FROM {table} t WHERE t.sid = {sid}))
"""
HOUSEHOLD = THEN.format(kind="resident", table="resident", column="household_sid", sid="r.sid")
ADDRESS = THEN.format(kind="household", table="household", column="address_sid", sid="h.sid")
GRID = THEN.format(kind="address", table="address", column="grid_code", sid="a.sid")
HOME = f"""
WITH r AS (SELECT sid FROM resident WHERE id = %(resident)s),
  h AS (SELECT {HOUSEHOLD} AS sid FROM r), a AS (SELECT {ADDRESS} AS sid FROM h),
  g AS (SELECT {GRID} AS code FROM a)
SELECT h.sid AS household_sid, a.sid AS address_sid, g.code AS grid_code, ar.path
FROM h, a, g LEFT JOIN area ar ON ar.code = g.code
"""  # noqa: S608  constants of ours

# When the register changed where somebody lives: they moved, or their household or address did.
MOVES = """
WITH me AS (SELECT sid, household_sid FROM resident WHERE id = %(resident)s),
  homes AS (SELECT household_sid AS sid FROM me UNION SELECT p.was FROM past_home p
    WHERE p.kind = 'resident' AND p.sid IN (SELECT sid FROM me)),
  doors AS (SELECT address_sid AS sid FROM household WHERE sid IN (SELECT sid FROM homes)
    UNION SELECT p.was FROM past_home p
    WHERE p.kind = 'household' AND p.sid IN (SELECT sid FROM homes))
SELECT p.until_at FROM past_home p
WHERE p.kind = 'resident' AND p.sid IN (SELECT sid FROM me)
  OR p.kind = 'household' AND p.sid IN (SELECT sid FROM homes)
  OR p.kind = 'address' AND p.sid IN (SELECT sid FROM doors)
GROUP BY p.until_at ORDER BY p.until_at LIMIT 1000
"""
A_MOMENT = timedelta(microseconds=1)


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
    if not found:
        return None
    row = found[0]
    return Home(row.household_sid, row.address_sid, row.grid_code, tuple(row.path or ()))


def past_homes(resident_id: UUID | None) -> list[tuple[Home, datetime]]:
    """Return where a resident of the register lived and until when, the first first.

    As far as it is kept: three years. Where they live today is no past home.
    """
    with beyond():
        moves = [row.until_at for row in read(MOVES, {"resident": resident_id})]
    homes = [(home_at(resident_id, until - A_MOMENT), until) for until in moves]
    homes.append((home_at(resident_id, clock.now()), clock.now()))
    periods = [list(each) for _, each in groupby(homes, key=lambda lived: lived[0])]
    return [(home, until) for home, until in (each[-1] for each in periods[:-1]) if home]
