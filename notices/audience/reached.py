"""Whom a notice reaches, as sets: residents in its grids, residents named one by one, workers.

Parameters are ``places``, ``people`` and ``matters`` as the notice has them, so that a draft can
be asked as well as what is published. Each set is asked of the registers as they are now.
"""

from typing import Any
from uuid import UUID

from app.database import read
from app.identity.enterprises import ACTING, STANDS
from notices.audience.people import HOLDS, OF_RESIDENT, WORKING, People

TOPS = """
below AS (
  SELECT substr(place, 10) AS code FROM unnest(%(places)s::text[]) place
  WHERE place LIKE 'division:%%'
  UNION SELECT d.code FROM division d JOIN below b ON d.parent_code = b.code),
tops AS (
  SELECT place AS code FROM unnest(%(places)s::text[]) place WHERE place NOT LIKE '%%:%%'
  UNION SELECT l.area_code FROM area_division l JOIN below b ON b.code = l.division_code
  WHERE l.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
    AND (l.valid_to IS NULL OR l.valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date))
"""
"""Recursive CTEs: the areas named, and those that hang today on a division named or below it."""

COVERED = f"""
WITH RECURSIVE {TOPS}
SELECT a.code FROM area a
WHERE a.path && (SELECT coalesce(array_agg(code), '{{}}') FROM tops) AND a.code > %(after)s
"""  # noqa: S608  constants of ours
GRIDS = f"{COVERED} ORDER BY a.code LIMIT %(limit)s"
LIVED_IN = f"""
{COVERED} AND EXISTS (SELECT FROM address ad WHERE ad.grid_code = a.code)
ORDER BY a.code LIMIT %(limit)s
"""

WANTED = f"""
({OF_RESIDENT} & %(people)s <> 0 OR (%(people)s & {int(People.HOLDERS)} <> 0
   AND {HOLDS.format(account="ac.id", matters="%(matters)s::text[]")}))
"""
"""SQL over ``r``, ``h`` and ``ac`` (the account, if there is one): the resident is meant."""

IN_GRIDS = f"""
SELECT r.id AS resident_id, ac.id AS account_id, ad.grid_code, r.age_class
FROM address ad JOIN household h ON h.address_sid = ad.sid
JOIN resident r ON r.household_sid = h.sid LEFT JOIN account ac ON ac.resident_id = r.id
WHERE ad.grid_code = ANY(%(grids)s::text[]) AND {WANTED}
"""  # noqa: S608  constants of ours
"""Residents who live in ``grids``, which the caller takes from ``grids_of``, some at a time."""

SINGLY = f"""
WITH RECURSIVE {TOPS}, named AS (
  SELECT r.id FROM resident r WHERE r.id = ANY(
    SELECT substr(place, 8)::uuid FROM unnest(%(places)s::text[]) place
    WHERE place LIKE 'person:%%')
  UNION SELECT r.id FROM household h JOIN resident r ON r.household_sid = h.sid
  WHERE h.id = ANY(SELECT substr(place, 11)::uuid FROM unnest(%(places)s::text[]) place
                   WHERE place LIKE 'household:%%')
  UNION SELECT r.id FROM household h JOIN resident r ON r.household_sid = h.sid
  WHERE h.address_sid = ANY(SELECT substr(place, 9) FROM unnest(%(places)s::text[]) place
                            WHERE place LIKE 'address:%%'))
SELECT r.id AS resident_id, ac.id AS account_id, ad.grid_code, r.age_class
FROM named JOIN resident r ON r.id = named.id JOIN household h ON h.sid = r.household_sid
LEFT JOIN address ad ON ad.sid = h.address_sid LEFT JOIN area g ON g.code = ad.grid_code
LEFT JOIN account ac ON ac.resident_id = r.id
WHERE NOT coalesce(g.path && (SELECT array_agg(code) FROM tops), false) AND {WANTED}
"""  # noqa: S608  constants of ours
"""Residents named one by one, by household or by address, who do not live in its grids as well."""

WORKERS = f"""
WITH RECURSIVE {TOPS}
SELECT DISTINCT s.account_id FROM staff_grant s JOIN area a ON a.code = s.area_code
WHERE %(people)s & {int(People.WORKERS)} <> 0 AND s.role = ANY(%(working)s)
  AND s.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date
  AND (s.valid_to IS NULL OR s.valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date)
  AND (a.path && (SELECT coalesce(array_agg(code), '{{}}') FROM tops)
       OR 'post:' || a.code = ANY(%(places)s::text[]))
"""  # noqa: S608  constants of ours
"""Accounts of those who work in its areas, or in an area over one of them."""

ENTERPRISES = f"""
WITH RECURSIVE {TOPS}
SELECT DISTINCT x.account_id FROM ({ACTING}) x JOIN area a ON a.code = x.area_code
WHERE %(people)s & {int(People.ENTERPRISES)} <> 0
  AND a.path && (SELECT coalesce(array_agg(code), '{{}}') FROM tops)
"""  # noqa: S608  constants of ours
"""Accounts of those who act for an enterprise in its areas."""

IN_BUSINESS = f"""
WITH RECURSIVE {TOPS}
SELECT e.id, e.sid, e.contact_account_id FROM enterprise e JOIN area a ON a.code = e.area_code
WHERE %(people)s & {int(People.ENTERPRISES)} <> 0 AND {STANDS}
  AND a.path && (SELECT coalesce(array_agg(code), '{{}}') FROM tops)
"""  # noqa: S608  constants of ours
"""Enterprises in its areas, who are told by the phone that they gave to the register."""

BY_OFFICE = f"""
SELECT account_id FROM ({WORKERS}) w UNION SELECT account_id FROM ({ENTERPRISES}) f
"""  # noqa: S608
"""Accounts of those who are meant for what they do there, and not for living there."""

AUDIENCE = "SELECT places, people, matters FROM notice WHERE id = %(id)s"


def audience_of(notice_id: UUID) -> dict[str, Any]:
    """Return the parameters of the sets above for a notice."""
    row = read(AUDIENCE, {"id": notice_id})[0]
    return parameters(row.places, row.people, row.matters)


def parameters(places: list[str], people: int, matters: list[str]) -> dict[str, Any]:
    """Return the parameters of the sets above."""
    working = [str(role) for role in WORKING]
    return {"places": places, "people": int(people), "matters": matters, "working": working}


def grids_of(audience: dict[str, Any], after: str, limit: int) -> list[str]:
    """Return the grids that the audience covers whole, by code, after one."""
    return [row.code for row in read(GRIDS, audience | {"after": after, "limit": limit})]


def lived_in(audience: dict[str, Any], after: str, limit: int) -> list[str]:
    """Return those of ``grids_of`` in which there is a dwelling."""
    return [row.code for row in read(LIVED_IN, audience | {"after": after, "limit": limit})]
