"""The rules over HTTP: what everybody may know before asking for anything."""

from typing import Any

from app import clock
from app.http.blueprint import Blueprint
from app.policy import Role, Rows, Scope
from community.rules import registers
from community.rules.schemas import (
    ClauseList,
    LimitList,
    LimitsQuery,
    NotAcceptedList,
    RatingReasonList,
)

rules = Blueprint("rules", __name__, url_prefix="/api/v1/rules", description="规则 · Rules")

POLICY: Rows = {
    ("rules.list_limits", "GET"): {Role.ANYONE: Scope.PUBLIC},
    ("rules.list_clauses", "GET"): {Role.ANYONE: Scope.PUBLIC},
    ("rules.list_not_accepted", "GET"): {Role.ANYONE: Scope.PUBLIC},
    ("rules.list_rating_reasons", "GET"): {Role.ANYONE: Scope.PUBLIC},
}

LIMIT = {
    "stage": "settle",
    "count": 5,
    "unit": "working_days",
    "legal_basis": "区级服务承诺 (district service promise)",
    "pausable": True,
    "extension_count": 10,
    "extension_unit": "working_days",
    "extension_by": "staff",
}
CLAUSE = {
    "code": "URB-3",
    "department_code": "URB",
    "name": "市容环境卫生管理",
    "name_en": "Street cleanliness",
    "legal_basis": "高新区权责清单 (duty list of the zone)",
}
EMERGENCY = {
    "code": "POLICE-110",
    "kind": "category",
    "name": "报警求助",
    "name_en": "Crime and danger",
    "told": "请立即拨打110",
    "told_en": "Call 110 at once",
    "phone": "110",
    "department_code": None,
    "legal_basis": "区级受理规定 (intake rules of the district)",
}

SLOW = {
    "code": "209",
    "stars": 2,
    "name": "未在承诺时间内办结",
    "name_en": "Not in the time promised",
    "legal_basis": "国办发〔2019〕51号; GB/T 39735-2020",
}


@rules.get("/limits")
@rules.query(LimitsQuery)
@rules.answer(200, LimitList, example={"items": [LIMIT]})
def list_limits(query: dict[str, Any]) -> dict[str, list[Any]]:
    """List the limits of a matter today: its own, and those of all matters."""
    found = registers.valid(registers.limits, clock.today())
    return {"items": [row for row in found if row.matter_code in (query["matter"], None)]}


@rules.get("/clauses")
@rules.answer(200, ClauseList, example={"items": [CLAUSE]})
def list_clauses() -> dict[str, list[Any]]:
    """List the duty list: which department answers for what."""
    return {"items": registers.valid(registers.clauses, clock.today())}


@rules.get("/not-accepted")
@rules.answer(200, NotAcceptedList, example={"items": [EMERGENCY]})
def list_not_accepted() -> dict[str, list[Any]]:
    """List what is not taken as a request, and where to turn instead."""
    return {"items": registers.valid(registers.not_accepted, clock.today())}


@rules.get("/rating-reasons")
@rules.answer(200, RatingReasonList, example={"items": [SLOW]})
def list_rating_reasons() -> dict[str, list[Any]]:
    """List what may be ticked today beside each level of a rating (好差评)."""
    return {"items": registers.valid(registers.rating_reasons, clock.today())}
