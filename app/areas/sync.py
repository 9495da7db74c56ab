"""What the district's records of divisions, areas, polygons and working days mean here."""

from app.areas.models import Area, AreaDivision, AreaPolygon, CalendarDay, Division
from app.sync import Field, Projection, Stream, choice, code, day, document, text

PATHS = """
WITH RECURSIVE tree AS (
  SELECT code, ARRAY[code] AS path FROM area WHERE parent_code IS NULL
  UNION ALL
  SELECT a.code, t.path || a.code FROM area a JOIN tree t ON a.parent_code = t.code)
UPDATE area SET path = tree.path FROM tree
WHERE area.code = tree.code AND area.path <> tree.path
"""

VALID_FROM = {"valid_from": "s.valid_from::date"}
VALID = {**VALID_FROM, "valid_to": "s.valid_to::date"}

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
)

AREAS = Stream(
    "areas",
    "area",
    (
        Field("code", code),
        Field("name", text),
        Field("name_en", text, required=False),
        Field("level", choice("zone", "subzone", "street", "community", "grid")),
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
        }
        | VALID,
        afterwards=(PATHS,),
    ),
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
)

POLYGONS = Stream(
    "polygons",
    "area_polygon",
    (
        Field("code", code),
        Field("polygon", document),
        Field("crs", choice("wgs84")),
        Field("valid_from", day),
    ),
    Projection(
        AreaPolygon,
        ("code",),
        {"code": "s.code", "polygon": "s.polygon::jsonb", "batch": "s.last_batch"} | VALID_FROM,
    ),
)

STREAMS = (CALENDAR_DAYS, DIVISIONS, AREAS, AREA_LINKS, POLYGONS)
