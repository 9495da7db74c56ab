"""What the district's records of matters mean."""

from app.calendar.deadlines import LimitUnit
from app.sync import Field, Need, Projection, Stream, choice, code, day, text, whole
from community.catalogue.models import KINDS, Matter

COPIED = ("code", "name", "name_en", "kind", "department_code", "handled_by", "limit_unit")

MATTERS = Stream(
    "matters",
    "matter",
    (
        Field("code", code),
        Field("name", text),
        Field("name_en", text, required=False),
        Field("kind", choice(*KINDS)),
        Field("department_code", code),
        Field("handled_by", choice("grid", "department")),
        Field("limit_count", whole(1, 10_000)),
        Field("limit_unit", choice(*LimitUnit)),
        Field("legal_basis", text),
        Field("level_required", choice("1", "2")),
        Field("near_metres", whole(1, 5_000), required=False),
        Field("valid_from", day),
        Field("valid_to", day, required=False),
    ),
    Projection(
        Matter,
        ("code",),
        {name: f"s.{name}" for name in (*COPIED, "legal_basis")}
        | {
            "limit_count": "s.limit_count::int",
            "level_required": "s.level_required::smallint",
            "near_metres": "s.near_metres::int",
            "valid_from": "s.valid_from::date",
            "valid_to": "s.valid_to::date",
        },
        ends="valid_to",
    ),
    needs=(Need("department_code", "departments", "code"),),
    unique="code",
)

STREAMS = (MATTERS,)
