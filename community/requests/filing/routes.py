"""Filing and withdrawing requests over HTTP."""

from typing import Any
from uuid import UUID

from app.files.refusals import FileUnknown
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.versions import version_seen, versioned
from app.identity.mandates import MandateRefused
from app.identity.refusals import LevelNeeded
from app.rights.refusals import ConsentNeeded
from community.requests import examples
from community.requests.edge import Answer, requests, shown
from community.requests.filing import asking
from community.requests.filing.schemas import DeskRequest, HotlineRequest, NewRequest
from community.requests.filing.withdrawing import withdraw
from community.requests.lifecycle import StepRefused
from community.requests.photos.refusals import TooManyPhotos
from community.requests.photos.service import photos_of_filing
from community.requests.refusals import (
    AddressUnknown,
    BeyondYourArea,
    HandlerUnknown,
    IdTaken,
    MatterUnknown,
    NotTaken,
    NotYours,
    OutsideZone,
    ProofNotIssued,
    UnitUnknown,
)
from community.requests.schemas import RequestDetail
from community.requests.view import show_filed

NOT_FILED = (
    *(MatterUnknown, NotTaken, ProofNotIssued, OutsideZone, AddressUnknown, UnitUnknown),
    *(FileUnknown, TooManyPhotos, HandlerUnknown, NotYours, IdTaken),
)


@requests.post("")
@idempotent
@requests.refuses(*NOT_FILED, LevelNeeded, MandateRefused, ConsentNeeded)
@requests.body(NewRequest, example=examples.NEW)
@requests.answer(201, RequestDetail, example=examples.DETAIL)
def file_request(body: dict[str, Any]) -> Answer:
    """File a service request; it is dispatched to its grid or department at once."""
    photos = body.pop("photos")
    return _filed(asking.file_request(current_actor(), **body), photos)


@requests.post("/desk")
@idempotent
@requests.refuses(*NOT_FILED, BeyondYourArea)
@requests.body(DeskRequest, example=examples.AT_DESK)
@requests.answer(201, RequestDetail, example=examples.DETAIL)
def file_at_desk(body: dict[str, Any]) -> Answer:
    """File for somebody at the desk or on the phone; the slip has its number."""
    photos = body.pop("photos")
    return _filed(asking.file_for(current_actor(), body.pop("channel"), **body), photos)


@requests.post("/hotline")
@idempotent
@requests.refuses(*NOT_FILED, BeyondYourArea)
@requests.body(HotlineRequest, example=examples.FROM_HOTLINE)
@requests.answer(201, RequestDetail, example=examples.DETAIL)
def file_from_hotline(body: dict[str, Any]) -> Answer:
    """Take over a case of the 12345 hotline: the same number is the same case, however often."""
    photos = body.pop("photos")
    return _filed(asking.file_for(current_actor(), "hotline", **body), photos)


@requests.post("/<uuid:id>/withdrawal")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused)
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def withdraw_request(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Withdraw an open request."""
    return shown(withdraw(current_actor(), id, version_seen()))


def _filed(key: UUID, photos: list[UUID]) -> Answer:
    photos_of_filing(current_actor(), key, photos)
    view, headers = shown(show_filed(current_actor(), key))
    return view, headers | {"Location": f"/api/v1/requests/{key}"}
