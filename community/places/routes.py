"""Service points over HTTP."""

from typing import Any

from app.database import CursorRefused
from app.http.blueprint import Blueprint
from app.http.places import wgs84_of
from app.policy import Role, Rows, Scope
from app.sync.reconcile.freshness import DatedPage
from app.sync.reconcile.schemas import AS_OF
from community.places import service
from community.places.schemas import PointDetailShape, PointPage, PointQuery

points = Blueprint("points", __name__, url_prefix="/api/v1/points", description="服务点 · Points")

POLICY: Rows = {
    ("points.list_points", "GET"): {Role.ANYONE: Scope.PUBLIC},
    ("points.show_point", "GET"): {Role.ANYONE: Scope.PUBLIC},
}

HALL = {
    "code": "SP01",
    "name": "高新区便民服务中心",
    "name_en": "High-tech Zone Service Centre",
    "area_code": "DDHT-XQ-LT-C01",
    "address": "浪头镇知春路1号",
    "phone": "0415-0000001",
    "opens": {"mon": [["08:30", "11:30"], ["13:00", "17:00"]]},
    "lng": 124.323222,
    "lat": 40.059126,
}
NEARBY = {
    "items": [HALL | {"metres": 240}],
    "next": None,
    "as_of": AS_OF,
}


@points.get("")
@points.refuses(CursorRefused)
@points.query(PointQuery)
@points.answer(200, PointPage, example=NEARBY)
def list_points(query: dict[str, Any]) -> DatedPage:
    """List the service points near a place, nearest first."""
    here = wgs84_of(query.pop("near"), query.pop("crs"))
    return service.nearest(here, **query)


@points.get("/<code:code>")
@points.answer(
    200,
    PointDetailShape,
    example={
        "point": HALL,
        "matters": [{"matter_code": "HEAT-COLD", "depth": "accept"}],
        "as_of": AS_OF,
    },
)
def show_point(code: str) -> service.PointDetail:
    """Show a service point and what it handles."""
    return service.find_point(code)
