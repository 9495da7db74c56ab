"""Mandates over HTTP: for agents, for principals, and for the desk where principals come."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.errors import Stale, TooMany
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.step_up import stepped_up
from app.http.versions import etag, version_seen, versioned
from app.identity.mandates import examples, proposing, service, signing
from app.identity.mandates.lifecycle import MandateNotYours, MandateStepRefused
from app.identity.mandates.refusals import (
    MandateCodeRefused,
    MandateProposed,
    PhoneNotOnRecord,
    RedelegationRefused,
    SecondClerkNeeded,
)
from app.identity.mandates.schemas import (
    CodeSent,
    DeskSignature,
    MandateCode,
    MandatePage,
    MandateQuery,
    MandateShape,
    NewMandate,
)
from app.identity.real_name.refusals import IdentityNotMatched
from app.identity.refusals import AdultsOnly, LevelNeeded

mandates = Blueprint("mandates", __name__, url_prefix="/api/v1", description="代办 · Mandates")

Answer = tuple[Any, dict[str, str]]


@mandates.post("/mandates")
@idempotent
@mandates.refuses(
    LevelNeeded, IdentityNotMatched, RedelegationRefused, AdultsOnly, MandateProposed, TooMany
)
@mandates.body(NewMandate, example=examples.NEW)
@mandates.answer(201, MandateShape, example=examples.MANDATE)
def propose_mandate(body: dict[str, Any]) -> Answer:
    """Propose to act for somebody, who must confirm it before it counts for anything."""
    name, number, handed_on = body.pop("name"), body.pop("id_number"), body.pop("mandate")
    wanted = proposing.Wanted(**body)
    key = proposing.propose(current_actor(), name, number, wanted, handed_on)
    view, headers = _answered(service.show(current_actor(), key))
    return view, headers | {"Location": f"/api/v1/mandates/{key}"}


@mandates.get("/mandates")
@mandates.refuses(CursorRefused)
@mandates.query(MandateQuery)
@mandates.answer(200, MandatePage, example={"items": [examples.MANDATE], "next": None})
def list_mandates(query: dict[str, Any]) -> Page[Any]:
    """List the mandates that the caller holds, or has given."""
    return service.listed(current_actor(), **query)


@mandates.get("/mandates/<uuid:id>")
@mandates.answer(200, MandateShape, example=examples.MANDATE)
def show_mandate(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Show a mandate to its parties, and masked to a desk of the principal's area."""
    return _answered(service.show(current_actor(), id))


@mandates.post("/mandates/<uuid:id>/confirmation")
@idempotent
@versioned
@mandates.refuses(MandateStepRefused, MandateNotYours)
@mandates.answer(200, MandateShape, example=examples.STANDING)
def confirm_mandate(id: UUID) -> Answer:  # noqa: A002
    """Confirm a mandate in the principal's own account."""
    return _answered(signing.confirm(current_actor(), id, version_seen()))


@mandates.post("/mandates/<uuid:id>/codes")
@idempotent
@mandates.refuses(PhoneNotOnRecord, MandateStepRefused, MandateNotYours, TooMany)
@mandates.answer(202, CodeSent, example={"expires_in": 600})
def send_code(id: UUID) -> dict[str, int]:  # noqa: A002
    """Send the principal a code to the phone that the register has of them."""
    return {"expires_in": signing.send_code(current_actor(), id)}


@mandates.post("/mandates/<uuid:id>/code-confirmation")
@idempotent
@mandates.refuses(MandateCodeRefused, MandateStepRefused, MandateNotYours, Stale)
@mandates.body(MandateCode, example={"code": "042117"})
@mandates.answer(200, MandateShape, example=examples.STANDING)
def confirm_by_code(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Confirm a mandate with the code that the principal has told the agent."""
    return _answered(signing.confirm_by_code(current_actor(), id, body["code"]))


@mandates.post("/mandates/<uuid:id>/desk-signatures")
@stepped_up
@idempotent
@versioned
@mandates.refuses(
    IdentityNotMatched, SecondClerkNeeded, MandateStepRefused, MandateNotYours, TooMany
)
@mandates.body(DeskSignature, example={"id_number": "11010519491231002X"})
@mandates.answer(200, MandateShape, example=examples.STANDING)
def sign_at_desk(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Sign for a principal who is at the desk; the second member of staff confirms by it."""
    seen = version_seen()
    return _answered(signing.sign_at_desk(current_actor(), id, body["id_number"], seen))


@mandates.post("/mandates/<uuid:id>/refusal")
@idempotent
@versioned
@mandates.refuses(MandateStepRefused, MandateNotYours)
@mandates.answer(200, MandateShape, example=examples.MANDATE | {"state": "refused"})
def refuse_mandate(id: UUID) -> Answer:  # noqa: A002
    """Say no to a proposal; for the agent, withdraw it."""
    return _answered(service.refuse(current_actor(), id, version_seen()))


@mandates.post("/mandates/<uuid:id>/revocation")
@idempotent
@versioned
@mandates.refuses(MandateStepRefused, MandateNotYours)
@mandates.answer(200, MandateShape, example=examples.STANDING | {"state": "revoked"})
def revoke_mandate(id: UUID) -> Answer:  # noqa: A002
    """End a mandate at once; for the agent, resign it."""
    return _answered(service.revoke(current_actor(), id, version_seen()))


@mandates.post("/mandates/<uuid:id>/completion")
@idempotent
@versioned
@mandates.refuses(MandateStepRefused, MandateNotYours)
@mandates.answer(200, MandateShape, example=examples.STANDING | {"state": "done"})
def finish_mandate(id: UUID) -> Answer:  # noqa: A002
    """Say that what was entrusted is done."""
    return _answered(service.finish(current_actor(), id, version_seen()))


for _limited in (propose_mandate, send_code, sign_at_desk):
    mark(_limited, "x-limited", True)


def _answered(view: service.MandateView) -> Answer:
    return view, etag(view.row.version)
