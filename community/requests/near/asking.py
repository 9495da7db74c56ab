"""From the words of a query to places in WGS-84."""

import math
from typing import Any

from app.geo.crs import Crs, to_wgs84
from app.geo.nearness import metres_between
from community.requests.near.cells import Box
from community.requests.near.places import Wanted
from community.requests.near.refusals import BoxRefused

USUAL_RADIUS_M = 2_000
LONGEST_RADIUS_M = 20_000


def box_of(text: str, crs: str) -> Box:
    """Return ``west,south,east,north`` in ``crs`` as a box of WGS-84 degrees.

    Raises:
        BoxRefused: it is turned around, or has no inside.
    """
    west, south, east, north = (float(number) for number in text.split(","))
    if not (west < east and south < north):
        raise BoxRefused(reason="empty")
    low = to_wgs84(west, south, Crs(crs))
    high = to_wgs84(east, north, Crs(crs))
    return Box(*low, *high)


def wanted_of(query: dict[str, Any]) -> Wanted:
    """Return what a query asks for.

    Raises:
        BoxRefused: its box is no box, or too large for a list.
    """
    near, bbox = query.pop("near"), query.pop("bbox")
    crs, radius = query.pop("crs"), query.pop("radius")
    box = box_of(bbox, crs) if bbox else None
    if near:
        lng, _, lat = near.partition(",")
        here = to_wgs84(float(lng), float(lat), Crs(crs))
    else:
        assert box is not None
        here = ((box.west + box.east) / 2, (box.south + box.north) / 2)
    if box is not None and radius is None:
        corners = [(lng, lat) for lng in (box.west, box.east) for lat in (box.south, box.north)]
        radius = math.ceil(max(metres_between(here, corner) for corner in corners)) + 100
        if radius > LONGEST_RADIUS_M:
            raise BoxRefused(reason="large")
    return Wanted(here, radius or USUAL_RADIUS_M, box, **query)
