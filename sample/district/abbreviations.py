"""What the district calls its tables and columns: abbreviations of pinyin.

XM 姓名, SFZH 身份证号, GXSJ 更新时间, SCBZ 删除标志.
"""

from collections.abc import Mapping, Sequence
from typing import Any

TABLES = {
    "calendar_days": "T_JJR",
    "divisions": "T_XZQH",
    "areas": "T_QY",
    "polygons": "T_QYBJ",
    "area_links": "T_QYGX",
    "departments": "T_BM",
    "matters": "T_SX",
    "duty_clauses": "T_ZRTK",
    "matter_limits": "T_SXSX",
    "dispatch_rules": "T_PDGZ",
    "not_accepted": "T_BYSL",
    "supervision_rungs": "T_DBJD",
    "capacities": "T_RL",
    "rating_reasons": "T_PJXX",
    "points": "T_FWD",
    "point_matters": "T_FWDSX",
    "staff": "T_GZRY",
    "addresses": "T_DZ",
    "households": "T_H",
    "residents": "T_RKXX",
    "enterprises": "T_QYXX",
}
KEPT = {"sid": "ID", "ver": "BB", "changed": "GXSJ", "deleted": "SCBZ"}
PEOPLE = {"name": "XM", "relation": "YHZGX"}
COLUMNS = {
    "name": "MC",
    "name_en": "YWMC",
    "code": "BM",
    "level": "JB",
    "parent_code": "SJBM",
    "valid_from": "QYRQ",
    "valid_to": "ZZRQ",
    "date": "RQ",
    "kind": "LX",
    "polygon": "BJ",
    "crs": "ZBX",
    "area_code": "QYBM",
    "division_code": "QHBM",
    "relation": "GX",
    "credit_code": "TYXYDM",
    "department_code": "BMDM",
    "handled_by": "BLFS",
    "limit_count": "SXSL",
    "limit_unit": "SXDW",
    "legal_basis": "FLYJ",
    "level_required": "RZJB",
    "address": "XXDZ",
    "lng": "JD",
    "lat": "WD",
    "phone": "LXDH",
    "opens": "KFSJ",
    "point_code": "FWDBM",
    "matter_code": "SXBM",
    "depth": "BLSD",
    "role": "JS",
    "text": "DZWB",
    "grid_code": "WGBM",
    "address_sid": "DZID",
    "tenure": "JZLX",
    "id_number": "SFZH",
    "household_sid": "HID",
    "stage": "HJ",
    "count": "SL",
    "unit": "DW",
    "pausable": "KZT",
    "extension_count": "YQSL",
    "extension_unit": "YQDW",
    "extension_by": "YQPZ",
    "priority": "YXJ",
    "clause_code": "TKBM",
    "told": "GZNR",
    "told_en": "YWGZ",
    "rung": "CJ",
    "base": "JS_RQ",
    "tells": "GZDX",
    "most": "SX_SL",
    "representative": "FDDBR",
    "representative_number": "FRSFZH",
    "contact_phone": "LXRDH",
    "status": "ZT",
}

OUTCOMES = "T_BJJG"
"""办件结果: where outcomes are put for it; WYBS 唯一标识 is their key, NR 内容 the envelope."""


def column(stream: str, field: str) -> str:
    """Return the district's name of a field."""
    if stream in ("residents", "staff") and field in PEOPLE:
        return PEOPLE[field]
    return COLUMNS.get(field, field.upper())


def settings(stream: str, fields: Sequence[str]) -> Mapping[str, Any]:
    """Return what somebody who reads the table of a stream has to know, as its settings say it."""
    theirs = {"sid": KEPT["sid"], "ver": KEPT["ver"]}
    return {
        "table": TABLES[stream],
        "columns": theirs | {each: column(stream, each) for each in fields},
        "changed": KEPT["changed"],
        "deleted": KEPT["deleted"],
        "deleted_is": "1",
        "complete": True,
    }
