"""Many requests at once, as copies of one that was filed."""

from collections.abc import Sequence
from typing import Any

import uuid_utils.compat as uuids

from app.database import read, transaction, write

COPY = """
INSERT INTO service_request
  (id, number, matter_code, account_id, channel, words_sealed, state, version, lng, lat, raw_lng,
   raw_lat, raw_crs, grid_code, near_edge, handled_by, department_code, filed_at, deadline_at,
   deadline_provisional, calendar_version, confidential)
SELECT p.id, 'S' || p.id, coalesce(p.matter, r.matter_code), r.account_id, r.channel,
  r.words_sealed, p.state, 1, p.lng, p.lat, p.lng, p.lat, 'wgs84', coalesce(p.grid, r.grid_code),
  false, r.handled_by, r.department_code, r.filed_at,
  now() + p.hours * interval '1 hour', false, 'x', p.confidential
FROM unnest(%(id)s::uuid[], %(lng)s::float8[], %(lat)s::float8[], %(state)s::text[],
  %(matter)s::text[], %(grid)s::text[], %(hours)s::float8[], %(confidential)s::boolean[])
  AS p(id, lng, lat, state, matter, grid, hours, confidential),
  (SELECT * FROM service_request WHERE number NOT LIKE 'S%%' LIMIT 1) r
"""
USUAL = {
    "state": "dispatched",
    "matter": None,
    "grid": None,
    "hours": 72.0,
    "confidential": False,
}


def scatter(places: Sequence[dict[str, Any]]) -> list[Any]:
    """Write a copy of a filed request at each place, with what else is said of it; return ids."""
    rows = [{"id": uuids.uuid7(), **USUAL, **place} for place in places]
    columns = {name: [row[name] for row in rows] for name in (*USUAL, "id", "lng", "lat")}
    with transaction():
        write(COPY, columns)
    return columns["id"]


def set_state(request_id: Any, state: str) -> None:
    """Let a request stand elsewhere, by whatever statement."""
    with transaction():
        write(
            "UPDATE service_request SET state = %(state)s, version = version + 1 WHERE id = %(id)s",
            {"id": request_id, "state": state},
        )


def grids() -> list[str]:
    """Return the codes of some grids."""
    found = read("SELECT code FROM area WHERE level = 'grid' ORDER BY code LIMIT 40")
    return [row.code for row in found]
