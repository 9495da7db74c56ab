"""How fresh the district's records are here, and whether both sides are the same."""

from typing import Any

from flask import Response

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.pages import page, wants_page
from app.policy import STAFF_ROLES, Role, Row, Rows, Scope
from app.sync.reconcile import freshness, register
from app.sync.reconcile.report import page_of_kept
from app.sync.reconcile.schemas import FreshnessList, ReportDetail, ReportPage, ReportQuery

reconciliation = Blueprint(
    "reconciliation", __name__, url_prefix="/api/v1/sync", description="数据核对 · Reconciliation"
)

STAFF: Row = dict.fromkeys(STAFF_ROLES, Scope.ALL)
READERS = {Role.SYNC_OPERATOR: Scope.ALL, Role.AUDITOR: Scope.ALL}

POLICY: Rows = {
    ("reconciliation.show_freshness", "GET"): STAFF,
    ("reconciliation.list_reports", "GET"): READERS,
    ("reconciliation.show_report", "GET"): READERS,
}

FRESH = {
    "source": "district",
    "stream": "residents",
    "fresh_at": "2026-11-23T01:00:00+00:00",
    "equal_at": "2026-11-23T01:05:00+00:00",
    "fresh_within_s": 93600,
    "stale": False,
    "last_status": "done",
    "last_message": None,
    "last_started_at": "2026-11-23T00:59:00+00:00",
}
REPORT = {"id": 1, "source": "district", "at": "2026-11-23T01:05:00+00:00", "equal": True}
FOUND = {"stream": "residents", "verdict": "equal", "there": 3000, "here": 2999, "quarantined": 1}


@reconciliation.get("/freshness")
@reconciliation.answer(200, FreshnessList, example={"items": [FRESH]})
def show_freshness() -> dict[str, Any]:
    """Show how fresh each kind of the district's records is, and how it was last read."""
    return {"items": freshness.standing()}


@reconciliation.get("/reports")
@reconciliation.refuses(CursorRefused)
@reconciliation.query(ReportQuery)
@reconciliation.answer(200, ReportPage, example={"items": [REPORT], "next": None})
def list_reports(query: dict[str, Any]) -> Page[Any]:
    """List the reconciliations, the newest first."""
    return register.list_reports(**query)


@reconciliation.get("/reports/<int:id>")
@reconciliation.answer(
    200, ReportDetail, example=REPORT | {"intact": True, "findings": {"streams": [FOUND]}}
)
def show_report(id: int) -> dict[str, Any] | Response:  # noqa: A002  the name of the path's parameter
    """Show what a reconciliation found: numbers and keys of the register, no values.

    Whoever accepts ``text/html`` rather than JSON gets it as a page.
    """
    found = register.find_report(id)
    return page(page_of_kept(found)) if wants_page() else found
