"""Where somebody lived at a moment, as the register had it then."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
