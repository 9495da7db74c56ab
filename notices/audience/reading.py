"""What one reader is shown: the places where they live and work, and who they are there.

The rule for many is in reached.py; a property test proves that the two agree.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.database import read
from app.policy import Actor
from notices.audience.people import HOLDS, OF_RESIDENT, WORKING, People
from notices.audience.places import address, household, person, places_on, post

# Behind a CTE whoever asks is planned for alike, so that the server keeps one plan for all readers:
# the unread were counted in 1.8 ms with a plan for each, and are in 0.7 ms without.
READER = f"""
asked AS MATERIALIZED (SELECT %(me)s::uuid AS me, %(resident)s::uuid AS resident,
  %(places)s::text[] AS places, %(posts)s::text[] AS posts, %(premises)s::text[] AS premises),
me AS MATERIALIZED (
  SELECT r.id, h.id AS household, h.address_sid, {OF_RESIDENT} AS people
  FROM resident r JOIN household h ON h.sid = r.household_sid
  WHERE r.id = (SELECT resident FROM asked)),
keys (place, people) AS MATERIALIZED (
  SELECT p.place, me.people FROM me, asked, unnest(asked.places) AS p(place)
  UNION ALL
  SELECT p.place, me.people FROM me, LATERAL (VALUES ('address:' || me.address_sid),
    ('household:' || me.household), ('person:' || me.id)) AS p(place)
  UNION ALL
  SELECT DISTINCT p.place, {int(People.WORKERS)}
  FROM area a, unnest(a.path || ('post:' || a.code)) AS p(place)
  WHERE a.code = ANY((SELECT posts FROM asked)::text[])
  UNION ALL
  SELECT p.place, {int(People.ENTERPRISES)} FROM asked, unnest(asked.premises) AS p(place))
"""  # noqa: S608  constants of ours
"""CTEs: ``keys`` are the places of the reader, each with the reader's bits there."""

ME = "(SELECT me FROM asked)"
"""SQL: the reader's account, within ``READER``."""

MEANT = f"""
(t.people & k.people <> 0 OR (t.people & {int(People.HOLDERS)} <> 0 AND k.people & 1 <> 0
   AND {HOLDS.format(account=ME, matters="t.matters")}))
"""
"""SQL over ``t`` (a target) and ``k`` (the key whose place it has): the reader is meant."""

STANDING = "t.expires_at > now() AND"
"""SQL over ``t``, before what else is asked of it: its time is not over."""


def reader(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``READER`` and ``MEANT``."""
    return {
        "me": actor.account_id,
        "resident": actor.resident_id,
        "places": places_on(actor.area_path),
        "posts": list(actor.areas_as(*WORKING)),
        "premises": premises_of(actor),
    }


def premises_of(actor: Actor) -> list[str]:
    """Return the places of the enterprises that somebody acts for."""
    found = {place for path in actor.enterprise_paths for place in places_on(path)}
    return sorted(found)


HOMES = f"""
SELECT r.id, h.id AS household, h.address_sid, {OF_RESIDENT} AS people
FROM resident r JOIN household h ON h.sid = r.household_sid
WHERE r.id = ANY(%(residents)s::uuid[])
"""  # noqa: S608  constants of ours
PATHS = "SELECT code, path FROM area WHERE code = ANY(%(posts)s::text[])"

Keys = dict[str, int]
"""Places of a reader, each with the reader's bits there."""


def keys_of(actors: Sequence[Actor]) -> dict[UUID, Keys]:
    """Return the keys of many readers by account: what ``READER`` says of each, in two reads."""
    residents = [actor.resident_id for actor in actors if actor.resident_id]
    posts = {code for actor in actors for code in actor.areas_as(*WORKING)}
    homes = {row.id: row for row in read(HOMES, {"residents": residents})}
    paths = {row.code: row.path for row in read(PATHS, {"posts": list(posts)})} if posts else {}
    found: dict[UUID, Keys] = {}
    for actor in actors:
        keys = found.setdefault(actor.account_id, {})
        if home := homes.get(actor.resident_id):
            own = (address(home.address_sid), household(home.household), person(home.id))
            _add(keys, (*places_on(actor.area_path), *own), home.people)
        for code in actor.areas_as(*WORKING):
            if code in paths:
                _add(keys, (*paths[code], post(code)), int(People.WORKERS))
        _add(keys, premises_of(actor), int(People.ENTERPRISES))
    return found


def _add(keys: Keys, places: Iterable[str], people: int) -> None:
    for place in places:
        keys[place] = keys.get(place, 0) | people
