"""Estimates and reports over HTTP, for staff."""

from typing import Any
from uuid import UUID

from app.areas.queries import area
from app.errors import NotFound
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.policy import Rows
from notices.audience.reached import audience_of
from notices.editing.service import managed
from notices.model.policy import STAFF
from notices.reach.estimate import Estimate, estimate
from notices.reach.report import Report, report
from notices.reach.schemas import EstimateShape, ReachQuery, ReachShape

reach = Blueprint(
    "reach", __name__, url_prefix="/api/v1/notices", description="触达 · Whom notices reach"
)

POLICY: Rows = {
    ("reach.estimate_audience", "GET"): STAFF,
    ("reach.report_reach", "GET"): STAFF,
}

ESTIMATE = {
    "nobody": False,
    "exact": True,
    "residents": 1240,
    "workers": 0,
    "areas": [{"area": "DDHT-XQ-LT", "residents": 1240}],
}
REACH = {
    "counted_at": "2026-11-23T01:00:05+00:00",
    "areas": [
        {"area": "DDHT", "residents": 1240, "reached": {"read": 512, "ack": None, "push": 803}}
    ],
    "classes": [{"age_class": "elder", "residents": 301}],
}


@reach.get("/<uuid:id>/audience")
@reach.answer(200, EstimateShape, example=ESTIMATE)
def estimate_audience(id: UUID) -> Estimate:  # noqa: A002  the name of the path's parameter
    """Say how many would see a notice, by area, as the registers are now."""
    return estimate(audience_of(managed(current_actor(), id).id))


@reach.get("/<uuid:id>/reach")
@reach.query(ReachQuery)
@reach.answer(200, ReachShape, example=REACH)
def report_reach(id: UUID, query: dict[str, Any]) -> Report:  # noqa: A002
    """Say whom a notice reached in the areas right under one, by channel."""
    row = managed(current_actor(), id)
    if query["under"] is not None and area(query["under"]) is None:
        raise NotFound
    return report(row.id, row.counted_at, query["under"])
