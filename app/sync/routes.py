"""The books of the exchange, for operators and auditors."""

from typing import Any

from app.database import Cursor, CursorRefused, Page, read
from app.http.blueprint import Blueprint
from app.http.shapes import PageQuery
from app.policy import Role, Rows, Scope
from app.sync.schemas import BatchPage, BatchQuery, QuarantinePage

exchange = Blueprint("sync", __name__, url_prefix="/api/v1/sync", description="数据同步 · Exchange")

READERS = {Role.SYNC_OPERATOR: Scope.ALL, Role.AUDITOR: Scope.ALL}

POLICY: Rows = {
    ("sync.list_batches", "GET"): READERS,
    ("sync.list_quarantine", "GET"): READERS,
}

BATCHES = """
SELECT id, source, stream, at, n_in, n_inserted, n_updated, n_same, n_stale, n_duplicate, n_bad
FROM sync_batch WHERE id < %(before)s AND (%(stream)s::text IS NULL OR stream = %(stream)s)
ORDER BY id DESC LIMIT %(limit)s
"""

QUARANTINE = """
SELECT source, stream, digest, code, field, first_seen, last_seen, times FROM sync_quarantine
WHERE (source, stream, digest) > (%(source)s, %(stream)s, %(digest)s)
ORDER BY source, stream, digest LIMIT %(limit)s
"""

BATCH = {
    "id": 1,
    "source": "district",
    "stream": "residents",
    "at": "2026-11-23T01:00:00+00:00",
    "n_in": 3000,
    "n_inserted": 2999,
    "n_updated": 0,
    "n_same": 0,
    "n_stale": 0,
    "n_duplicate": 0,
    "n_bad": 1,
}
BAD = {
    "source": "district",
    "stream": "residents",
    "digest": "5f1c…",
    "code": "NOT_AN_ID_NUMBER",
    "field": "id_number",
    "first_seen": "2026-11-23T01:00:00+00:00",
    "last_seen": "2026-11-23T01:00:00+00:00",
    "times": 1,
}


@exchange.get("/batches")
@exchange.refuses(CursorRefused)
@exchange.query(BatchQuery)
@exchange.answer(200, BatchPage, example={"items": [BATCH], "next": None})
def list_batches(query: dict[str, Any]) -> Page[Any]:
    """List what was read from the district, the newest first; every row is accounted for."""
    after = Cursor.read("batches", query["cursor"], [int]) or [2**62]
    limit = query["limit"]
    rows = read(BATCHES, {"before": after[0], "stream": query["stream"], "limit": limit + 1})
    return Cursor.page("batches", rows, limit, lambda row: [row.id])


@exchange.get("/quarantine")
@exchange.refuses(CursorRefused)
@exchange.query(PageQuery)
@exchange.answer(200, QuarantinePage, example={"items": [BAD], "next": None})
def list_quarantine(query: dict[str, Any]) -> Page[Any]:
    """List the rows that could not be read, and why; never their content."""
    after = Cursor.read("quarantine", query["cursor"], [str, str, str]) or ["", "", ""]
    limit = query["limit"]
    keys = dict(zip(("source", "stream", "digest"), after, strict=True))
    rows = read(QUARANTINE, keys | {"limit": limit + 1})
    return Cursor.page("quarantine", rows, limit, lambda row: [row.source, row.stream, row.digest])
