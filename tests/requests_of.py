"""Requests as residents of the sample file them."""

from typing import Any

from app.geo.crs import Crs, from_wgs84
from tests.people import PEOPLE, Caller

PLACE: tuple[float, float] = tuple(PEOPLE["request_point"]["wgs84"])
GRID = PEOPLE["request_point"]["grid_code"]
GCJ = from_wgs84(*PLACE, Crs.GCJ02)

NEW: dict[str, Any] = {
    "matter": "RUBBISH",
    "words": "楼道堆放杂物,请清理",
    "place": {"lng": GCJ[0], "lat": GCJ[1], "crs": "gcj02"},
}


def file(caller: Caller, **changes: Any) -> dict[str, Any]:
    """File a request and return it as the filer sees it."""
    answer = caller.post("/api/v1/requests", {**NEW, **changes})
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})
