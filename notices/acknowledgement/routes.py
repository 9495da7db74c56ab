"""Duties over HTTP, for the workers of a grid."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.policy import Rows
from notices.acknowledgement import service
from notices.acknowledgement.schemas import DoorOutcome, DoorPage, OwingPage
from notices.acknowledgement.service import VisitDone
from notices.editing.examples import ID
from notices.model.policy import ON_THE_GROUND

duties = Blueprint(
    "duties", __name__, url_prefix="/api/v1", description="确认与走访 · Acknowledgements owed"
)

POLICY: Rows = {
    ("duties.list_outstanding", "GET"): ON_THE_GROUND,
    ("duties.list_visits", "GET"): ON_THE_GROUND,
    ("duties.record_visit", "POST"): ON_THE_GROUND,
}

OWING = {"id": ID, "name": "冯*", "grid_code": "DDHT-XQ-LT-C03-G2"}
VISIT = OWING | {
    "notice_id": ID,
    "title": "停水通知",
    "made_at": "2026-11-23T01:00:00+00:00",
    "absences": 0,
}


@duties.get("/notices/<uuid:id>/outstanding")
@duties.refuses(CursorRefused)
@duties.query(PageQuery)
@duties.answer(200, OwingPage, example={"items": [OWING], "next": None})
def list_outstanding(id: UUID, query: dict[str, Any]) -> Page[Any]:  # noqa: A002
    """List who of one's own grids has not acknowledged a notice; names are masked."""
    return service.outstanding(current_actor(), id, **query)


@duties.get("/visits")
@duties.refuses(CursorRefused)
@duties.query(PageQuery)
@duties.answer(200, DoorPage, example={"items": [VISIT], "next": None})
def list_visits(query: dict[str, Any]) -> Page[Any]:
    """List the doors that are left when the time to acknowledge is over; names are masked."""
    return service.visits(current_actor(), **query)


@duties.post("/visits/<uuid:id>/outcome")
@idempotent
@duties.refuses(VisitDone)
@duties.body(DoorOutcome, example={"outcome": "told"})
@duties.answer(204)
def record_visit(id: UUID, body: dict[str, Any]) -> None:  # noqa: A002
    """Write down what came of a visit; who was absent is visited again."""
    service.knock(current_actor(), id, **body)
