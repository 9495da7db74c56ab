"""Corrections over HTTP: for residents of their own record, for staff of any."""

from typing import Any
from uuid import UUID

from flask import current_app

from app.corrections import queries, service
from app.corrections.refusals import (
    AlreadyRight,
    CorrectionAsked,
    CorrectionLimitUnknown,
    GuessesSpent,
)
from app.corrections.schemas import (
    CorrectionPage,
    CorrectionQuery,
    CorrectionShape,
    NewCorrection,
    OwnCorrection,
)
from app.database import CursorRefused, Page
from app.errors import FieldFault, Invalid, Words
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.policy import Role, Rows, Scope, roles_with
from app.sync import Stream

corrections = Blueprint(
    "corrections", __name__, url_prefix="/api/v1", description="数据校核 · Corrections"
)

STAFF = {
    Role.GRID_WORKER: Scope.SELF,
    Role.DESK_CLERK: Scope.SELF,
    Role.DEPARTMENT_HANDLER: Scope.SELF,
    Role.DISTRICT_STAFF: Scope.SELF,
    Role.SYNC_OPERATOR: Scope.ALL,
}
READERS = {Role.RESIDENT: Scope.SELF, **STAFF, Role.AUDITOR: Scope.ALL}
SEE_ALL = roles_with(READERS, Scope.ALL)

POLICY: Rows = {
    ("corrections.ask_correction", "POST"): STAFF,
    ("corrections.ask_own_correction", "POST"): {Role.RESIDENT: Scope.SELF},
    ("corrections.list_corrections", "GET"): READERS,
    ("corrections.show_correction", "GET"): READERS,
}

OWN = {"field": "name", "wanted": "冯帆", "reason": "户口本上是这个字"}
NEW = OWN | {"stream": "residents", "record": "R00000001"}
TICKET = NEW | {
    "id": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0aa",
    "asked_at": "2026-11-23T01:00:00+00:00",
    "limit_at": "2026-12-07T16:00:00+00:00",
    "limit_basis": "政务数据共享条例（国务院令第809号）",
    "state": "asked",
    "answered_at": None,
    "answer": None,
    "overdue": False,
}

Answer = tuple[Any, dict[str, str]]


@corrections.post("/corrections")
@idempotent
@corrections.refuses(AlreadyRight, CorrectionAsked, CorrectionLimitUnknown, GuessesSpent)
@corrections.body(NewCorrection, example=NEW)
@corrections.answer(201, CorrectionShape, example=TICKET)
def ask_correction(body: dict[str, Any]) -> Answer:
    """Ask the owner of a district record to correct one field of it."""
    stream = _stream(body.pop("stream"))
    return _asked(service.ask(current_actor(), stream, **body))


@corrections.post("/me/corrections")
@idempotent
@corrections.refuses(AlreadyRight, CorrectionAsked, CorrectionLimitUnknown, GuessesSpent)
@corrections.body(OwnCorrection, example=OWN)
@corrections.answer(201, CorrectionShape, example=TICKET)
def ask_own_correction(body: dict[str, Any]) -> Answer:
    """Ask for a correction of one's own record in the population register."""
    residents = _stream(service.RESIDENTS)
    return _asked(service.ask_for_oneself(current_actor(), residents, **body))


@corrections.get("/corrections")
@corrections.refuses(CursorRefused)
@corrections.query(CorrectionQuery)
@corrections.answer(200, CorrectionPage, example={"items": [TICKET], "next": None})
def list_corrections(query: dict[str, Any]) -> Page[Any]:
    """List the corrections that the caller asked for; operators and auditors see all."""
    by = None if _sees_all() else current_actor().account_id
    return queries.listed(by, **query)


@corrections.get("/corrections/<uuid:id>")
@corrections.answer(200, CorrectionShape, example=TICKET)
def show_correction(id: UUID) -> Any:  # noqa: A002  the name of the path's parameter
    """Show a correction and what became of it."""
    return service.shown(current_actor(), id, _sees_all())


def _asked(key: UUID) -> Answer:
    found = service.shown(current_actor(), key, everybodys=True)
    return found, {"Location": f"/api/v1/corrections/{key}"}


def _sees_all() -> bool:
    return any(role in current_actor().roles for role in SEE_ALL)


def _stream(name: str) -> Stream:
    streams: list[Stream] = current_app.extensions["linli.streams"]
    for stream in streams:
        if stream.name == name:
            return stream
    words = Words("没有这类登记", "there are no such records")
    raise Invalid([FieldFault("/stream", "unknown", words)])
