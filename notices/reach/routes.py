"""Estimates and reports over HTTP, for staff."""

from typing import Any
from uuid import UUID

from flask import current_app

from app.areas.queries import area
from app.errors import NotFound
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.policy import Rows
from app.settings import Settings
from notices.editing.service import managed
from notices.model.policy import STAFF
from notices.reach.report import Report, report
from notices.reach.schemas import EstimateShape, ReachQuery, ReachShape
from notices.reach.service import Preview, preview

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
    "enterprises": 0,
    "areas": [{"area": "DDHT-XQ-LT", "residents": 1240}],
    "texts": {"at_once": True, "parts_each": 2, "parts_at_most": 2480},
}
REACH = {
    "counted_at": "2026-11-23T01:00:05+00:00",
    "areas": [
        {
            "area": "DDHT",
            "residents": 1240,
            "reached": {"read": 512, "ack": 401, "push": 803},
            "outstanding": 702,
            "not_sent": {"push": {"refused": 41, "quiet-hours": None}},
        }
    ],
    "classes": [{"age_class": "elder", "residents": 301}],
}


@reach.get("/<uuid:id>/audience")
@reach.answer(200, EstimateShape, example=ESTIMATE)
def estimate_audience(id: UUID) -> Preview:  # noqa: A002  the name of the path's parameter
    """Say how many would see a notice, by area, and what its text messages cost at most."""
    settings: Settings = current_app.extensions["linli.settings"]
    return preview(managed(current_actor(), id), settings.public_url)


@reach.get("/<uuid:id>/reach")
@reach.query(ReachQuery)
@reach.answer(200, ReachShape, example=REACH)
def report_reach(id: UUID, query: dict[str, Any]) -> Report:  # noqa: A002
    """Say whom a notice reached in the areas right under one, by channel."""
    row = managed(current_actor(), id)
    if query["under"] is not None and area(query["under"]) is None:
        raise NotFound
    return report(row.id, row.counted_at, query["under"], asks=row.needs_ack)
