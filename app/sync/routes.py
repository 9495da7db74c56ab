"""The books of the exchange, for operators and auditors, and what operators decide."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.shapes import PageQuery
from app.http.step_up import stepped_up
from app.policy import Role, Rows, Scope
from app.sync import examples, queries, service
from app.sync.refusals import HoldDecided, QuarantineClosed
from app.sync.schemas import (
    BatchPage,
    BatchQuery,
    DecisionBody,
    DriftPage,
    HoldPage,
    HoldShape,
    QuarantinedShape,
    QuarantinePage,
    QuarantineQuery,
    RunPage,
)

exchange = Blueprint("sync", __name__, url_prefix="/api/v1/sync", description="数据同步 · Exchange")

READERS = {Role.SYNC_OPERATOR: Scope.ALL, Role.AUDITOR: Scope.ALL}
OPERATORS = {Role.SYNC_OPERATOR: Scope.ALL}

POLICY: Rows = {
    ("sync.list_runs", "GET"): READERS,
    ("sync.list_batches", "GET"): READERS,
    ("sync.list_quarantine", "GET"): READERS,
    ("sync.dismiss_quarantined", "POST"): OPERATORS,
    ("sync.list_holds", "GET"): READERS,
    ("sync.decide_hold", "POST"): OPERATORS,
    ("sync.list_drift", "GET"): READERS,
}


@exchange.get("/runs")
@exchange.refuses(CursorRefused)
@exchange.query(BatchQuery)
@exchange.answer(200, RunPage, example={"items": [examples.RUN], "next": None})
def list_runs(query: dict[str, Any]) -> Page[Any]:
    """List the readings of the district's records, the newest first, with how they ended."""
    return queries.runs(**query)


@exchange.get("/batches")
@exchange.refuses(CursorRefused)
@exchange.query(BatchQuery)
@exchange.answer(200, BatchPage, example={"items": [examples.BATCH], "next": None})
def list_batches(query: dict[str, Any]) -> Page[Any]:
    """List what was read from the district, the newest first; every row is accounted for."""
    return queries.batches(**query)


@exchange.get("/quarantine")
@exchange.refuses(CursorRefused)
@exchange.query(QuarantineQuery)
@exchange.answer(200, QuarantinePage, example={"items": [examples.BAD], "next": None})
def list_quarantine(query: dict[str, Any]) -> Page[Any]:
    """List the rows that could not be read, and why; never their content."""
    return queries.quarantine(**query)


@exchange.post("/quarantine/<code:source>/<code:stream>/<code:digest>/dismissal")
@exchange.refuses(QuarantineClosed)
@exchange.answer(200, QuarantinedShape, example=examples.BAD | {"status": "dismissed"})
def dismiss_quarantined(source: str, stream: str, digest: str) -> Any:
    """Close a quarantined row for good, whatever comes again."""
    return service.dismiss(current_actor().account_id, source, stream, digest)


@exchange.get("/holds")
@exchange.refuses(CursorRefused)
@exchange.query(PageQuery)
@exchange.answer(200, HoldPage, example={"items": [examples.HOLD], "next": None})
def list_holds(query: dict[str, Any]) -> Page[Any]:
    """List deletions that wait, or waited, for somebody's word, the newest first."""
    return queries.holds(**query)


@exchange.post("/holds/<uuid:id>/decision")
@stepped_up
@exchange.refuses(HoldDecided)
@exchange.body(DecisionBody, example={"approve": True})
@exchange.answer(200, HoldShape, example=examples.HOLD | {"status": "approved"})
def decide_hold(id: UUID, body: dict[str, Any]) -> Any:  # noqa: A002  the path's parameter
    """Approve held deletions, or refuse them for good; who decided stays with it."""
    return service.decide_hold(current_actor().account_id, id, body["approve"])


@exchange.get("/drift")
@exchange.refuses(CursorRefused)
@exchange.query(PageQuery)
@exchange.answer(200, DriftPage, example={"items": [examples.DRIFT], "next": None})
def list_drift(query: dict[str, Any]) -> Page[Any]:
    """List what is odd about the sources: not wrong enough to refuse, not right enough to hide."""
    return queries.drift(**query)
