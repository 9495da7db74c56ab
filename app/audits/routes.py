"""The trail over HTTP: auditors read it, and nobody changes it."""

from typing import Any

from app.audits import queries, verifying
from app.audits.schemas import AuditPage, AuditQuery, Heads
from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.policy import Role, Rows, Scope

audits = Blueprint("audits", __name__, url_prefix="/api/v1/audit", description="审计 · Audit")

READERS = {Role.AUDITOR: Scope.ALL}

POLICY: Rows = {
    ("audits.list_entries", "GET"): READERS,
    ("audits.show_heads", "GET"): READERS,
}

ENTRY = {
    "id": 4711,
    "at": "2026-11-23T01:00:00+00:00",
    "account_id": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001",
    "deed": "request-claim",
    "subject_kind": "request",
    "subject_id": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0aa",
    "request_id": "0b0e7c52-6c0a-4f4e-9d6c-0a6f6f3b7a11",
    "facts": {"grid": "DDHT-XQ-LT-01-G03"},
    "chain": "deeds",
    "seq": 4702,
    "hash": "5f…",
}
HEAD = {"chain": "deeds", "seq": 4702, "hash": "5f…", "mac": "9c…"}


@audits.get("/entries")
@audits.refuses(CursorRefused)
@audits.query(AuditQuery)
@audits.answer(200, AuditPage, example={"items": [ENTRY], "next": None})
def list_entries(query: dict[str, Any]) -> Page[Any]:
    """List what was done, the newest first: of one account, or to one subject, or all."""
    return queries.listed(**query)


@audits.get("/heads")
@audits.answer(200, Heads, example={"items": [HEAD]})
def show_heads() -> dict[str, Any]:
    """Show where each chain of the trail ends now."""
    return {"items": verifying.heads()}
