"""The nearest open requests."""

from urllib.parse import parse_qsl

import orjson

from app.geo.crs import Crs, to_wgs84
from app.geo.nearness import chord_of, on_unit_earth
from bench.peers import duties, statements
from bench.peers.floor.ground import Refused, connection


def list_near(environ, _actor_, _name):
    """Return the nearest open requests."""
    pairs = parse_qsl(environ["QUERY_STRING"])
    asked = {"radius": "2000", "limit": "20", **dict(pairs)}
    if len(dict(pairs)) != len(pairs) or asked.keys() != {"near", "crs", "radius", "limit"}:
        raise Refused(422)
    near, crs, radius, limit = asked["near"], asked["crs"], asked["radius"], asked["limit"]
    if not duties.NEAR.fullmatch(near) or crs not in set(Crs):
        raise Refused(422)
    if not (radius.isdigit() and limit.isdigit()):
        raise Refused(422)
    radius, limit = int(radius), int(limit)
    if not (1 <= radius <= 20_000 and 1 <= limit <= 100):
        raise Refused(422)
    lng, _, lat = near.partition(",")
    place = on_unit_earth(*to_wgs84(float(lng), float(lat), Crs(crs)))
    params = {"here": "({!r},{!r},{!r})".format(*place), "reach": chord_of(radius)}
    rows = (
        connection()
        .execute(statements.NEAR, {**params, "limit": limit + 1}, prepare=True)
        .fetchall()
    )
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = duties.next_page(rows[-1][7], rows[-1][0])
    items = [duties.public(*row) for row in rows]
    return 200, orjson.dumps({"items": items, "next": following}), {}
