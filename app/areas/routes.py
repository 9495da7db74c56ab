"""The zone's tree over HTTP."""

from typing import Any

from app.areas import service
from app.areas.schemas import AreaDetail, AreaPage, AreaQuery
from app.database import CursorRefused
from app.http.blueprint import Blueprint
from app.policy import Role, Rows, Scope
from app.sync.reconcile.freshness import DatedPage, dated, dated_one
from app.sync.reconcile.schemas import AS_OF

areas = Blueprint("areas", __name__, url_prefix="/api/v1/areas", description="区域 · Areas")

POLICY: Rows = {
    ("areas.list_areas", "GET"): {Role.ANYONE: Scope.PUBLIC},
    ("areas.show_area", "GET"): {Role.ANYONE: Scope.PUBLIC},
}

LANGTOU = {
    "code": "DDHT-XQ-LT",
    "name": "浪头镇",
    "name_en": "Langtou Town",
    "level": "street",
    "parent_code": "DDHT-XQ",
}
LINK = {
    "division_code": "210603101000",
    "division_name": "浪头镇",
    "relation": "entrusted",
    "valid_from": "2020-01-01",
    "valid_to": None,
}


@areas.get("")
@areas.refuses(CursorRefused)
@areas.query(AreaQuery)
@areas.answer(200, AreaPage, example={"items": [LANGTOU], "next": None, "as_of": AS_OF})
def list_areas(query: dict[str, Any]) -> DatedPage:
    """List the areas right under one, or the zones."""
    return dated(service.list_areas(**query), "areas")


@areas.get("/<code:code>")
@areas.answer(
    200,
    AreaDetail,
    example=LANGTOU | {"path": ["DDHT", "DDHT-XQ", "DDHT-XQ-LT"], "links": [LINK], "as_of": AS_OF},
)
def show_area(code: str) -> Any:
    """Show an area, its way up to the zone, and its links to statutory divisions."""
    return dated_one(service.find_area(code), "areas", "area_links", "divisions")
