"""What the district's records of divisions, areas, polygons and working days mean here."""

import json

from app.areas.changes import VALID_TO, Changes
from app.areas.models import (
    Area,
    AreaDivision,
    AreaLevel,
    AreaPolygon,
    AreaSuccession,
    CalendarDay,
    Division,
)
from app.areas.succession import ChangeKind
from app.geo.outlines import PolygonRefused
from app.geo.polygons import AreaIndex
from app.sync import (
    Field,
    FieldRefused,
    Kind,
    Need,
    Projection,
    Stream,
    choice,
    code,
    day,
    document,
    text,
)

PATHS = """
WITH RECURSIVE tree AS (
  SELECT code, ARRAY[code] AS path FROM area WHERE parent_code IS NULL
  UNION ALL
  SELECT a.code, t.path || a.code FROM area a JOIN tree t ON a.parent_code = t.code)
UPDATE area SET path = tree.path FROM tree
WHERE area.code = tree.code AND area.path <> tree.path
"""

CUT_OFF = """
WITH RECURSIVE tree AS (
  SELECT code FROM area WHERE parent_code IS NULL
  UNION SELECT a.code FROM area a JOIN tree t ON a.parent_code = t.code)
UPDATE area SET path = '{}' WHERE path <> '{}' AND code NOT IN (SELECT code FROM tree)
"""
"""An area whose parent is unknown hangs on nothing: nobody's rights may reach it meanwhile."""

VALID_FROM = {"valid_from": "s.valid_from::date"}
VALID = {**VALID_FROM, "valid_to": "s.valid_to::date"}


def _outline(value: str) -> str:
    """Read a polygon (GeoJSON, WGS-84) that is closed, sound and on this earth."""
    words = document(value)
    try:
        AreaIndex([("outline", json.loads(words))])
    except (PolygonRefused, TypeError, AttributeError) as fault:
        raise FieldRefused("NOT_A_POLYGON") from fault
    return words


outline = Kind("outline", _outline, described={"type": "geojson"})


CALENDAR_DAYS = Stream(
    "calendar_days",
    "calendar_day",
    (Field("date", day), Field("kind", choice("rest", "work")), Field("name", text)),
    Projection(
        CalendarDay,
        ("day",),
        {"day": "s.date::date", "kind": "s.kind", "name": "s.name", "batch": "s.last_batch"},
    ),
)

DIVISIONS = Stream(
    "divisions",
    "division",
    (
        Field("code", code),
        Field("name", text),
        Field("level", code),
        Field("parent_code", code, required=False),
        Field("valid_from", day),
    ),
    Projection(
        Division,
        ("code",),
        {"code": "s.code", "name": "s.name", "level": "s.level", "parent_code": "s.parent_code"}
        | VALID_FROM,
    ),
    unique="code",
)

AREAS = Stream(
    "areas",
    "area",
    (
        Field("code", code),
        Field("name", text),
        Field("name_en", text, required=False),
        Field("level", choice(*AreaLevel)),
        Field("parent_code", code, required=False),
        Field("valid_from", day),
        Field("valid_to", day, required=False),
    ),
    Projection(
        Area,
        ("code",),
        {
            "code": "s.code",
            "name": "s.name",
            "name_en": "s.name_en",
            "level": "s.level",
            "parent_code": "s.parent_code",
            "valid_to": VALID_TO,
        }
        | VALID_FROM,
        ends="valid_to",
        afterwards=(PATHS, CUT_OFF),
    ),
    unique="code",
)

# Only the new area must be known. An old one may have left the register long before the change is
# told, and the change must not wait for it for ever.
AREA_CHANGES = Stream(
    "area_changes",
    "area_succession",
    (
        Field("old_code", code),
        Field("new_code", code),
        Field("kind", choice(*ChangeKind)),
        Field("on_day", day),
    ),
    Changes(
        Projection(
            AreaSuccession,
            ("old_code", "new_code", "on_day"),
            {
                "old_code": "s.old_code",
                "new_code": "s.new_code",
                "kind": "s.kind",
                "on_day": "s.on_day::date",
            },
        )
    ),
    needs=(Need("new_code", "areas", "code"),),
)

AREA_LINKS = Stream(
    "area_links",
    "area_division",
    (
        Field("area_code", code),
        Field("division_code", code),
        Field("relation", choice("subordinate", "entrusted", "assisting")),
        Field("valid_from", day),
        Field("valid_to", day, required=False),
    ),
    Projection(
        AreaDivision,
        ("area_code", "division_code", "valid_from"),
        {
            "area_code": "s.area_code",
            "division_code": "s.division_code",
            "relation": "s.relation",
        }
        | VALID,
    ),
    needs=(Need("area_code", "areas", "code"), Need("division_code", "divisions", "code")),
)

POLYGONS = Stream(
    "polygons",
    "area_polygon",
    (
        Field("code", code),
        Field("polygon", outline),
        Field("crs", choice("wgs84")),
        Field("valid_from", day),
    ),
    Projection(
        AreaPolygon,
        ("code",),
        {"code": "s.code", "polygon": "s.polygon::jsonb", "batch": "s.last_batch"} | VALID_FROM,
    ),
    needs=(Need("code", "areas", "code"),),
)

STREAMS = (CALENDAR_DAYS, DIVISIONS, AREAS, AREA_CHANGES, AREA_LINKS, POLYGONS)
