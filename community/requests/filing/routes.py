"""Filing and withdrawing requests over HTTP."""

from typing import Any
from uuid import UUID

from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.versions import version_seen, versioned
from app.identity.refusals import LevelNeeded
from community.requests import examples
from community.requests.edge import Answer, requests, shown
from community.requests.filing import service
from community.requests.filing.schemas import NewRequest
from community.requests.filing.withdrawing import withdraw
from community.requests.lifecycle import StepRefused
from community.requests.refusals import MatterUnknown, NotYours, OutsideZone
from community.requests.schemas import RequestDetail
from community.requests.view import show


@requests.post("")
@idempotent
@requests.refuses(MatterUnknown, OutsideZone, LevelNeeded)
@requests.body(NewRequest, example=examples.NEW)
@requests.answer(201, RequestDetail, example=examples.DETAIL)
def file_request(body: dict[str, Any]) -> Answer:
    """File a service request; it is dispatched to its grid or department at once."""
    actor = current_actor()
    key = service.file_request(actor, **body)
    view, headers = shown(show(actor, key))
    return view, headers | {"Location": f"/api/v1/requests/{key}"}


@requests.post("/<uuid:id>/withdrawal")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def withdraw_request(id: UUID) -> Answer:  # noqa: A002
    """Withdraw an open request."""
    return shown(withdraw(current_actor(), id, version_seen()))
