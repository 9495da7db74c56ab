"""The catalogue over HTTP."""

from typing import Any

from app.database import CursorRefused
from app.http.blueprint import Blueprint
from app.policy import Role, Rows, Scope
from app.sync.reconcile.freshness import DatedPage, dated, dated_one
from app.sync.reconcile.schemas import AS_OF
from community.catalogue import service
from community.catalogue.schemas import MatterDetail, MatterPage, MatterQuery

matters = Blueprint("matters", __name__, url_prefix="/api/v1/matters", description="事项 · Matters")

POLICY: Rows = {
    ("matters.list_matters", "GET"): {Role.ANYONE: Scope.PUBLIC},
    ("matters.show_matter", "GET"): {Role.ANYONE: Scope.PUBLIC},
}

STREAMS = ("matters", "departments")
"""The district's records of which the catalogue is made."""

COLD = {
    "code": "HEAT-COLD",
    "name": "室温不达标",
    "name_en": "Home too cold in the heating season",
    "kind": "complaint",
    "department_code": "PUB",
    "department_name": "供热与公用事业",
    "handled_by": "department",
    "limit_count": 24,
    "limit_unit": "hours",
    "legal_basis": "区级服务承诺 (district service promise)",
    "level_required": 1,
    "near_metres": 300,
}


@matters.get("")
@matters.refuses(CursorRefused)
@matters.query(MatterQuery)
@matters.answer(200, MatterPage, example={"items": [COLD], "next": None, "as_of": AS_OF})
def list_matters(query: dict[str, Any]) -> DatedPage:
    """List the matters that are valid today."""
    return dated(service.list_matters(**query), *STREAMS)


@matters.get("/<code:code>")
@matters.answer(200, MatterDetail, example=COLD | {"as_of": AS_OF})
def show_matter(code: str) -> Any:
    """Show a matter."""
    return dated_one(service.find_matter(code), *STREAMS)
