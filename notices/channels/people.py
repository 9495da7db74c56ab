"""Whom a notice is for, as pages of ids, asked of the registers as they are now.

Accounts are the keys of what reaches an account (push, WeChat), residents of what does not need
one (text messages). Where an audience is small it is found first and then put in order; where it
is large, a range of ids is walked and each is asked whether the notice is for them. Both say what
notices/audience/reached.py says, and a test holds them to it. What each wants to be told of, and
when, is asked with them: see preferences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import clock
from app.database import apart
from notices.audience.people import People
from notices.audience.places import ADDRESS, HOUSEHOLD, PERSON
from notices.audience.reached import (
    BY_OFFICE,
    ENTERPRISES,
    SINGLY,
    TOPS,
    WANTED,
    WORKERS,
    parameters,
)
from notices.channels.preferences.asking import (
    ANSWERED,
    OF_ACCOUNT,
    OF_RESIDENT,
    UNASKED,
    moment,
    overrides,
)
from notices.channels.preferences.asking import (
    ASKED as WISHES,
)
from notices.channels.protocol import Message, Span

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
LIMITED = """
WITH them AS MATERIALIZED ({}) SELECT * FROM them
WHERE key > %(after)s AND key <= %(high)s ORDER BY key LIMIT %(limit)s
"""
FEW_ACCOUNTS = f"""
SELECT ac.id AS key, f.area, {WISHES} FROM (
  SELECT account_id, max(area) AS area FROM (
    SELECT account_id, grid_code AS area FROM ({RESIDENTS_FIRST}) s WHERE account_id IS NOT NULL
    UNION ALL SELECT account_id, '' FROM ({BY_OFFICE}) o) e GROUP BY account_id) f
JOIN account ac ON ac.id = f.account_id {OF_ACCOUNT} WHERE ac.status = 'active'
"""  # noqa: S608


WALK_RESIDENTS = """
SELECT id AS key FROM resident WHERE id > %(after)s AND id <= %(high)s
ORDER BY id OFFSET %(last)s LIMIT 1
"""
"""SQL for the last key of a page of those a channel may reach at all: see ``page_of``."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """How a channel finds people: ``walk`` its keys, ``also`` narrow, ``shown`` add addresses.

    ``walk`` takes ``after``, ``high`` and ``last``; ``shown`` is SQL over ``{who}``. ``channel`` is
    its name, by which people say what they do not want.
    """

    walk: str
    channel: str
    shown: str = "SELECT * FROM ({who}) who ORDER BY key"
    also: str = ""
    accounts: bool = True


def page_of(reachable: Reachable, message: Message, span: Span) -> tuple[list[Any], UUID | None]:
    """Return the people of a page, by key, and up to which key it reaches; None: to the end.

    Few are found and put in order. Of many the keys are walked, a page of them at a time, and the
    page may hold nobody whom the notice is for.
    """
    values = about(message, reachable) | {
        "after": span.after,
        "high": span.high,
        "limit": span.limit,
    }
    if span.few:
        sql = _plainer(FEW_ACCOUNTS if reachable.accounts else FEW_RESIDENTS, message)
        rows = apart(reachable.shown.format(who=LIMITED.format(sql + reachable.also)), values)
        keys = {row.key for row in rows}
        return rows, rows[-1].key if len(keys) >= span.limit else None
    edge = apart(reachable.walk, values | {"last": span.limit - 1})
    values["high"] = edge[0].key if edge else span.high
    who = asking(reachable, message, "{key} > %(after)s AND {key} <= %(high)s")
    return apart(reachable.shown.format(who=who), values), edge[0].key if edge else None


def those_of(
    reachable: Reachable, message: Message, those: str, addresses: Sequence[UUID]
) -> list[Any]:
    """Return those, of the keys that ``those`` selects by ``ids``, whom the notice is still for.

    Whoever has acknowledged it in the meantime needs telling no more.
    """
    who = asking(reachable, message, f"{{key}} IN ({those})")
    if message.answer_by is not None:
        who = f"SELECT * FROM ({who}) o WHERE NOT answered"  # noqa: S608  ours
    values = about(message, reachable) | {"ids": list(addresses)}
    return apart(reachable.shown.format(who=who), values)


def asking(reachable: Reachable, message: Message, which: str) -> str:
    """Return the SQL that asks of certain keys whether the notice is for them."""
    sql, key = (BY_ACCOUNT, "ac.id") if reachable.accounts else (BY_RESIDENT, "r.id")
    return _plainer(sql, message).replace(WHICH, which.format(key=key) + reachable.also)


def about(message: Message, reachable: Reachable) -> dict[str, Any]:
    """Return the parameters of this SQL that say whom a notice is for, and what it is."""
    whom = parameters(list(message.places), message.people, list(message.matters))
    return whom | moment(message, reachable.channel, clock.now())


def _plainer(sql: str, message: Message) -> str:
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
