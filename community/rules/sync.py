"""What the district's records of its rules mean."""

from collections.abc import Mapping

from app.calendar.deadlines import LimitUnit
from app.policy import Role
from app.sync import Field, Need, Projection, Stream, choice, code, day, key, text, whole
from community.rules import models
from community.rules.stages import Base, Stage, Tells

PERIOD = (Field("valid_from", day), Field("valid_to", day, required=False))
VALID = {"valid_from": "s.valid_from::date", "valid_to": "s.valid_to::date"}
AREA = Need("area_code", "areas", "code")
MATTER = Need("matter_code", "matters", "code")
DEPARTMENT = Need("department_code", "departments", "code")
UNIT = choice(*LimitUnit)
LIMIT = whole(1, 10_000)  # a limit of nothing is no limit


def _same(*names: str) -> Mapping[str, str]:
    return {name: f"s.{name}" for name in names}


MATTER_LIMITS = Stream(
    "matter_limits",
    "matter_limit",
    (
        Field("matter_code", code, required=False),
        Field("stage", choice(*Stage)),
        Field("count", LIMIT),
        Field("unit", UNIT),
        Field("legal_basis", text),
        Field("pausable", choice("yes", "no")),
        Field("extension_count", LIMIT, required=False),
        Field("extension_unit", UNIT, required=False),
        Field("extension_by", choice("unit", "staff"), required=False),
        *PERIOD,
    ),
    Projection(
        models.MatterLimit,
        ("sid",),
        {
            **_same("sid", "matter_code", "stage", "unit", "legal_basis"),
            **_same("extension_unit", "extension_by"),
            "count": "s.count::int",
            "pausable": "s.pausable = 'yes'",
            "extension_count": "s.extension_count::int",
            **VALID,
        },
        ends="valid_to",
    ),
    needs=(MATTER,),
)

DUTY_CLAUSES = Stream(
    "duty_clauses",
    "duty_clause",
    (
        Field("code", code),
        Field("department_code", code),
        Field("name", text),
        Field("name_en", text, required=False),
        Field("legal_basis", text),
        *PERIOD,
    ),
    Projection(
        models.DutyClause,
        ("code",),
        {**_same("code", "department_code", "name", "name_en", "legal_basis"), **VALID},
        ends="valid_to",
    ),
    needs=(DEPARTMENT,),
    unique="code",
)

DISPATCH_RULES = Stream(
    "dispatch_rules",
    "dispatch_rule",
    (
        Field("priority", whole(1, 10_000)),
        Field("area_code", code, required=False),
        Field("matter_code", code, required=False),
        Field("department_code", code),
        Field("handled_by", choice("grid", "department")),
        Field("clause_code", code),
        *PERIOD,
    ),
    Projection(
        models.DispatchRule,
        ("sid",),
        {
            **_same("sid", "area_code", "matter_code", "department_code", "handled_by"),
            "clause_code": "s.clause_code",
            "version": "s.ver",
            "priority": "s.priority::int",
            **VALID,
        },
        ends="valid_to",
    ),
    needs=(AREA, MATTER, DEPARTMENT, Need("clause_code", "duty_clauses", "code")),
)

NOT_ACCEPTED = Stream(
    "not_accepted",
    "not_accepted",
    (
        Field("code", code),
        Field("kind", choice("category", "proof")),
        *(Field(name, text) for name in ("name", "name_en", "told", "told_en")),
        Field("phone", key, required=False),
        Field("department_code", code, required=False),
        Field("legal_basis", text),
        *PERIOD,
    ),
    Projection(
        models.NotAccepted,
        ("code",),
        {
            **_same("code", "kind", "name", "name_en", "told", "told_en", "phone"),
            **_same("department_code", "legal_basis"),
            **VALID,
        },
        ends="valid_to",
    ),
    needs=(DEPARTMENT,),
    unique="code",
)

SUPERVISION_RUNGS = Stream(
    "supervision_rungs",
    "supervision_rung",
    (
        Field("rung", whole(1, 9)),
        Field("base", choice(*Base)),
        *(Field(name, text) for name in ("name", "name_en")),
        Field("count", whole(-1000, 1000)),
        Field("unit", UNIT),
        Field("tells", choice(*Tells)),
        *PERIOD,
    ),
    Projection(
        models.SupervisionRung,
        ("sid",),
        {
            **_same("sid", "base", "name", "name_en", "unit", "tells"),
            "rung": "s.rung::smallint",
            "count": "s.count::int",
            **VALID,
        },
        ends="valid_to",
    ),
)

CAPACITIES = Stream(
    "capacities",
    "capacity",
    (
        Field("role", choice(Role.GRID_WORKER, Role.DEPARTMENT_HANDLER)),
        Field("area_code", code, required=False),
        Field("department_code", code, required=False),
        Field("most", whole(1, 1000)),
        *PERIOD,
    ),
    Projection(
        models.Capacity,
        ("sid",),
        {
            **_same("sid", "role", "area_code", "department_code"),
            "most": "s.most::int",
            **VALID,
        },
        ends="valid_to",
    ),
    needs=(AREA, DEPARTMENT),
)

RATING_REASONS = Stream(
    "rating_reasons",
    "rating_reason",
    (
        Field("code", code),
        Field("stars", whole(1, 5)),
        *(Field(name, text) for name in ("name", "name_en", "legal_basis")),
        *PERIOD,
    ),
    Projection(
        models.RatingReason,
        ("code",),
        {**_same("code", "name", "name_en", "legal_basis"), "stars": "s.stars::smallint", **VALID},
        ends="valid_to",
    ),
    unique="code",
)

STREAMS = (
    *(MATTER_LIMITS, DUTY_CLAUSES, DISPATCH_RULES, NOT_ACCEPTED, SUPERVISION_RUNGS, CAPACITIES),
    RATING_REASONS,
)
