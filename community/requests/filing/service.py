"""Filing: a matter, words and a place become a request with a grid, a unit and a deadline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.areas.service import grid_index, working_calendar
from app.calendar.deadlines import LimitUnit, deadline
from app.database import together, transaction, write
from app.errors import NotFound
from app.geo.crs import Crs, to_wgs84
from app.identity.service import need_level
from app.policy import Actor
from app.privacy import vault
from community.catalogue.service import find_matter
from community.requests.events import done, record, tell_district
from community.requests.lifecycle import State, Step
from community.requests.refusals import MatterUnknown, OutsideZone
from community.requests.view import WORDS

FILE = """
INSERT INTO service_request
  (id, number, matter_code, account_id, resident_id, channel, words_sealed, state, version,
   lng, lat, raw_lng, raw_lat, raw_crs, grid_code, near_edge, handled_by, department_code,
   filed_at, deadline_at, deadline_provisional, calendar_version)
VALUES
  (%(id)s,
   (SELECT %(day)s || '-' || lpad(n, greatest(6, length(n)), '0')
    FROM (SELECT nextval('service_request_number')::text AS n) AS drawn),
   %(matter)s,
   %(account)s, %(resident)s, %(channel)s, %(words)s, %(state)s, 1,
   %(lng)s, %(lat)s, %(raw_lng)s, %(raw_lat)s, %(raw_crs)s, %(grid)s, %(near_edge)s,
   %(handled_by)s, %(department)s, %(filed_at)s, %(deadline)s, %(provisional)s, %(calendar)s)
RETURNING number
"""


@dataclass(frozen=True, slots=True)
class Where:
    """A point as it was given, and the grid that it lies in."""

    raw: tuple[float, float, str]
    lng: float
    lat: float
    grid_code: str
    near_edge: bool
    metres_to_edge: int


def file_request(actor: Actor, matter: str, words: str, place: dict[str, Any]) -> UUID:
    """File a request and dispatch it to its grid or department; return its id.

    The deadline starts at dispatch, not when somebody signs for it.

    Raises:
        MatterUnknown: the catalogue has no such matter today.
        LevelNeeded: the matter asks for a higher real-name level.
        OutsideZone: the point lies in no grid of the zone.
    """
    found = _matter(matter)
    need_level(actor, found.level_required)
    where = locate(place)
    key, filed_at = uuids.uuid7(), clock.now()
    with transaction():
        values = _reckoned(found, filed_at) | _placed(where) | _asked(actor, key, words)
        number = write(FILE, values)[0].number
        with together():
            record(actor, key, "file", channel="app")
            done(
                actor,
                key,
                Step.DISPATCH,
                grid=where.grid_code,
                metres_to_edge=where.metres_to_edge,
                department=found.department_code,
                handled_by=found.handled_by,
            )
            told = {"number": number, "matter": matter, "grid": where.grid_code}
            tell_district("request-filed", key, told | {"filed_at": filed_at})
    return key


def _asked(actor: Actor, key: UUID, words: str) -> dict[str, Any]:
    return {
        "id": key,
        "account": actor.account_id,
        "resident": actor.resident_id,
        "channel": "app",
        "words": vault.seal(WORDS, key, words, actor.account_id),
        "state": State.DISPATCHED,
    }


def _placed(where: Where) -> dict[str, Any]:
    return {
        "lng": where.lng,
        "lat": where.lat,
        "raw_lng": where.raw[0],
        "raw_lat": where.raw[1],
        "raw_crs": where.raw[2],
        "grid": where.grid_code,
        "near_edge": where.near_edge,
    }


def _reckoned(matter: Any, filed_at: datetime) -> dict[str, Any]:
    """Return what the matter decides: who handles it, and by when."""
    unit, calendar = LimitUnit(matter.limit_unit), working_calendar.get()
    due = deadline(filed_at, matter.limit_count, unit, calendar)
    return {
        "day": _day(filed_at),
        "matter": matter.code,
        "handled_by": matter.handled_by,
        "department": matter.department_code,
        "filed_at": filed_at,
        "deadline": due.due_at,
        "provisional": due.provisional,
        "calendar": due.calendar_version,
    }


def locate(place: dict[str, Any]) -> Where:
    """Return the grid of a point.

    Raises:
        OutsideZone: it lies in none; the nearest is named.
    """
    raw = (place["lng"], place["lat"], place["crs"])
    lng, lat = to_wgs84(raw[0], raw[1], Crs(raw[2]))
    grids = grid_index.get()
    found = grids.locate(lng, lat)
    if found is None:
        area, metres = grids.nearest(lng, lat)
        raise OutsideZone(nearest_area=area, metres=round(metres))
    return Where(raw, lng, lat, found.code, found.near_edge, round(found.metres_to_edge))


def _matter(code: str) -> Any:
    try:
        return find_matter(code)
    except NotFound as fault:
        raise MatterUnknown from fault


def _day(moment: datetime) -> str:
    return moment.astimezone(clock.SHANGHAI).strftime("%Y%m%d")
