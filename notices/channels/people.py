"""Whom a notice is for, as pages of ids, asked of the registers as they are now.

Accounts are the keys of what reaches an account (push, WeChat), residents of what does not need
one (text messages). Where an audience is small it is found first and then put in order; where it
is large, a range of ids is walked and each is asked whether the notice is for them. Both say what
notices/audience/reached.py says, and a test holds them to it.
"""

from typing import Any

from notices.audience.reached import SINGLY, TOPS, WANTED, WORKERS, parameters
from notices.channels.protocol import Message, Span

IN_TOPS = "g.path && (SELECT coalesce(array_agg(code), '{}') FROM tops)"
HOME = f"""
(({IN_TOPS} OR 'person:' || r.id = ANY(%(places)s) OR 'household:' || h.id = ANY(%(places)s)
  OR 'address:' || h.address_sid = ANY(%(places)s)) AND {WANTED})
"""
"""SQL over ``g`` (the home grid), ``r``, ``h`` and ``ac``: the notice is for this resident."""

LIVES = """
JOIN household h ON h.sid = r.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid LEFT JOIN area g ON g.code = ad.grid_code
"""

BY_RESIDENT = f"""
WITH RECURSIVE {TOPS}
SELECT r.id AS key, coalesce(ad.grid_code, '') AS area, NULL::timestamptz AS wait_until, r.sid
FROM resident r {LIVES} LEFT JOIN account ac ON ac.resident_id = r.id
WHERE {HOME}
"""  # noqa: S608  constants of ours

# Whoever only works there is counted nowhere: the count's other half knows residents.
BY_ACCOUNT = f"""
WITH RECURSIVE {TOPS}
SELECT ac.id AS key, CASE WHEN {HOME} THEN ad.grid_code ELSE '' END AS area,
  NULL::timestamptz AS wait_until
FROM account ac LEFT JOIN (resident r {LIVES}) ON r.id = ac.resident_id
WHERE ac.status = 'active' AND ({HOME} OR ac.id IN ({WORKERS}))
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
SELECT r.id AS key, f.grid_code AS area, NULL::timestamptz AS wait_until, r.sid
FROM ({RESIDENTS_FIRST}) f JOIN resident r ON r.id = f.resident_id WHERE true
"""  # noqa: S608
FEW_ACCOUNTS = f"""
SELECT ac.id AS key, f.area, NULL::timestamptz AS wait_until FROM (
  SELECT account_id, max(area) AS area FROM (
    SELECT account_id, grid_code AS area FROM ({RESIDENTS_FIRST}) s WHERE account_id IS NOT NULL
    UNION ALL SELECT account_id, '' FROM ({WORKERS}) w) e GROUP BY account_id) f
JOIN account ac ON ac.id = f.account_id WHERE ac.status = 'active'
"""  # noqa: S608


def accounts_sql(span: Span, also: str = "") -> str:
    """Return SQL for a page of accounts; ``also`` narrows to those a channel can reach (``ac``)."""
    return _page(FEW_ACCOUNTS if span.few else BY_ACCOUNT, also, "ac.id", span)


def residents_sql(span: Span, also: str = "") -> str:
    """Return SQL for a page of residents, likewise; ``sid`` is their key in the register."""
    return _page(FEW_RESIDENTS if span.few else BY_RESIDENT, also, "r.id", span)


def again_sql(those: str, *, accounts: bool = True) -> str:
    """Return SQL for those, of the keys that ``those`` selects, whom the notice is still for."""
    everybody, key = (BY_ACCOUNT, "ac.id") if accounts else (BY_RESIDENT, "r.id")
    return f"{everybody} AND {key} IN ({those})"


def about(message: Message, span: Span | None = None) -> dict[str, Any]:
    """Return the parameters of this SQL."""
    values = parameters(list(message.places), message.people, list(message.matters))
    if span is not None:
        values |= {"after": span.after, "high": span.high, "limit": span.limit}
    return values


def _page(everybody: str, also: str, key: str, span: Span) -> str:
    if span.few:
        return f"""
        WITH them AS MATERIALIZED ({everybody} {also})
        SELECT * FROM them WHERE key > %(after)s AND key <= %(high)s ORDER BY key LIMIT %(limit)s
        """  # noqa: S608
    return f"""
    {everybody} {also} AND {key} > %(after)s AND {key} <= %(high)s ORDER BY {key} LIMIT %(limit)s
    """
