"""The streams of the district's records: their order, columns and notes."""

from typing import Final

MADE_UP: Final = "本文件中的人员均为虚构。The people in this file are made up."

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "calendar_days": ("sid", "ver", "date", "kind", "name"),
    "divisions": ("sid", "ver", "code", "name", "level", "parent_code", "valid_from"),
    "areas": (
        *("sid", "ver", "code", "name", "name_en", "level", "parent_code"),
        *("valid_from", "valid_to"),
    ),
    "polygons": ("sid", "ver", "code", "polygon", "crs", "valid_from"),
    "area_links": (
        *("sid", "ver", "area_code", "division_code", "relation"),
        *("valid_from", "valid_to"),
    ),
    "departments": (
        *("sid", "ver", "code", "name", "name_en", "credit_code"),
        *("valid_from", "valid_to"),
    ),
    "matters": (
        *("sid", "ver", "code", "name", "name_en", "kind", "department_code", "handled_by"),
        *("limit_count", "limit_unit", "legal_basis", "level_required", "near_metres"),
        *("valid_from", "valid_to"),
    ),
    "matter_limits": (
        *("sid", "ver", "matter_code", "stage", "count", "unit", "legal_basis", "pausable"),
        *("extension_count", "extension_unit", "extension_by", "valid_from", "valid_to"),
    ),
    "duty_clauses": (
        *("sid", "ver", "code", "department_code", "name", "name_en", "legal_basis"),
        *("valid_from", "valid_to"),
    ),
    "dispatch_rules": (
        *("sid", "ver", "priority", "area_code", "matter_code", "department_code"),
        *("handled_by", "clause_code", "valid_from", "valid_to"),
    ),
    "not_accepted": (
        *("sid", "ver", "code", "kind", "name", "name_en", "told", "told_en", "phone"),
        *("department_code", "legal_basis", "valid_from", "valid_to"),
    ),
    "supervision_rungs": (
        *("sid", "ver", "rung", "base", "name", "name_en", "count", "unit", "tells"),
        *("valid_from", "valid_to"),
    ),
    "capacities": (
        *("sid", "ver", "role", "area_code", "department_code", "most"),
        *("valid_from", "valid_to"),
    ),
    "rating_reasons": (
        *("sid", "ver", "code", "stars", "name", "name_en", "legal_basis"),
        *("valid_from", "valid_to"),
    ),
    "points": (
        *("sid", "ver", "code", "name", "name_en", "area_code", "address", "lng", "lat", "crs"),
        *("phone", "opens", "valid_from", "valid_to"),
    ),
    "point_matters": ("sid", "ver", "point_code", "matter_code", "depth"),
    "staff": (
        *("sid", "ver", "name", "phone", "role", "area_code", "department_code"),
        *("valid_from", "valid_to"),
    ),
    "addresses": ("sid", "ver", "text", "grid_code", "lng", "lat", "crs"),
    "households": ("sid", "ver", "address_sid", "tenure"),
    "residents": (*("sid", "ver", "name", "id_number", "phone", "household_sid", "relation"),),
    "enterprises": (
        *("sid", "ver", "credit_code", "name", "area_code", "representative"),
        *("representative_number", "contact_phone", "status", "valid_from", "valid_to"),
    ),
}
"""Stream -> columns, in load order: a row refers only to rows of its own or an earlier stream."""

NOTES: Final[dict[str, str]] = {
    "calendar_days": "国务院办公厅2026年节假日安排。The State Council's 2026 holiday notice.",
    "divisions": "国家统计局2023年统计用区划代码。NBS statistical divisions, 2023 edition.",
    "areas": "代码和日期为虚构。Codes and dates are made up.",
    "polygons": "边界为虚构。The outlines are made up.",
    "area_links": "关系和日期为虚构。Relations and dates are made up.",
    "departments": "代码为虚构。The codes are made up.",
    "matters": "办理时限为虚构。The time limits are made up.",
    "matter_limits": "办理时限为虚构。The time limits are made up.",
    "duty_clauses": "权责条款为虚构。The clauses are made up.",
    "dispatch_rules": "派单规则为虚构。The rules are made up.",
    "not_accepted": "二十项证明清单为真。The list of the twenty proofs is real, the rest made up.",
    "supervision_rungs": "督办阶梯为虚构。The ladder is made up.",
    "capacities": "在办上限为虚构。The capacities are made up.",
    "rating_reasons": "全国“好差评”现场服务选项。The national list for services on the spot.",
    "points": "服务点为虚构。The service points are made up.",
    "point_matters": "服务点为虚构。The service points are made up.",
    "staff": MADE_UP,
    "addresses": "地址为虚构。The addresses are made up.",
    "households": MADE_UP,
    "residents": MADE_UP,
    "enterprises": "企业及其联系人均为虚构。The enterprises and their people are made up.",
}

JSON_LINES: Final = frozenset({"polygons"})
"""Streams written as JSON lines; all others are CSV."""

GENERATION: Final = "2026-11-23"
"""The day of the records, which is also the day on which everyone's age is reckoned."""

VALID_FROM: Final = "2024-01-01"
"""The made-up day on which the zone's own codes begin."""
