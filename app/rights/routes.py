"""One's own data over HTTP, and the one way by which staff see a value of somebody."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, current_app

from app.errors import NotFound, Stale, TooMany
from app.feature import Feature
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.step_up import stepped_up, stepped_up_by_phone
from app.identity.mandates.lifecycle import MandateNotYours, MandateStepRefused
from app.identity.refusals import GuardianNeeded, LevelNeeded
from app.policy import Role, Rows, Scope
from app.rights import closing, consents, examples, exports, reveals
from app.rights.purposes import DUTIES
from app.rights.refusals import (
    ChildNeeded,
    ExportGone,
    ExportUnready,
    FieldNotForRole,
    GuardianOnly,
    HoldsOffice,
    NotAgreed,
)
from app.rights.schemas import (
    Agreements,
    Closure,
    DataMap,
    ExportShape,
    NewConsent,
    NewReveal,
    RevealedShape,
    WithdrawalQuery,
)

rights = Blueprint("rights", __name__, url_prefix="/api/v1", description="个人信息 · My data")

OWN = {Role.RESIDENT: Scope.SELF}

POLICY: Rows = {
    ("rights.show_data", "GET"): OWN,
    ("rights.list_consents", "GET"): OWN,
    ("rights.give_consent", "POST"): OWN,
    ("rights.withdraw_consent", "DELETE"): OWN,
    ("rights.ask_export", "POST"): OWN,
    ("rights.show_export", "GET"): OWN,
    ("rights.take_export", "DELETE"): OWN,
    ("rights.close_account", "POST"): OWN,
    ("rights.reveal_field", "POST"): {
        Role.GRID_WORKER: Scope.AREA,
        Role.DESK_CLERK: Scope.AREA,
        Role.DISTRICT_STAFF: Scope.AREA,
        Role.DEPARTMENT_HANDLER: Scope.DEPARTMENT,
    },
}


@rights.get("/me/data")
@rights.answer(200, DataMap, example=examples.MAP)
def show_data() -> dict[str, Any]:
    """Show what is held of the caller, what is done by duty, what stays by law, where to ask."""
    features = _features()
    held = [holding for feature in features for holding in feature.holdings]
    titles = [{"name": h.name, "title_zh": h.title.zh, "title_en": h.title.en} for h in held]
    kept = [exports.kept_row(each) for feature in features for each in feature.kept]
    return {"sections": titles, "done_by_duty": DUTIES, "kept_by_law": kept, "ways": examples.WAYS}


@rights.get("/me/consents")
@rights.answer(200, Agreements, example={"items": [examples.AGREEMENT]})
def list_consents() -> dict[str, Any]:
    """List every purpose with what the caller says to it."""
    return {"items": consents.listed(current_actor())}


@rights.post("/me/consents")
@idempotent
@rights.refuses(ChildNeeded, GuardianOnly, GuardianNeeded, LevelNeeded, TooMany)
@rights.body(NewConsent, example={"purpose": "identity-number"})
@rights.answer(204)
def give_consent(body: dict[str, Any]) -> None:
    """Agree to one purpose: for oneself, or as guardian for a child under 14."""
    consents.give(current_actor(), body["purpose"], body["phone"], body["child"])


@rights.delete("/me/consents/<code:purpose>")
@rights.query(WithdrawalQuery)
@rights.answer(204)
def withdraw_consent(purpose: str, query: dict[str, Any]) -> None:
    """Take a consent back. Without one there is nothing to do."""
    consents.withdraw(current_actor(), purpose, query["child"])


@rights.post("/me/exports")
@idempotent
@rights.refuses(TooMany)
@rights.answer(202, ExportShape, example=examples.EXPORT)
def ask_export() -> dict[str, Any]:
    """Ask for a copy of all that is held of the caller; the worker makes it."""
    actor = current_actor()
    return exports.show(actor, exports.ask(actor))


@rights.get("/me/exports/<uuid:id>")
@rights.answer(200, ExportShape, example=examples.EXPORT)
def show_export(id: UUID) -> dict[str, Any]:  # noqa: A002
    """Show how far a copy is."""
    return exports.show(current_actor(), id)


@rights.delete("/me/exports/<uuid:id>")
@stepped_up_by_phone
@rights.refuses(ExportUnready, ExportGone)
@rights.binary("application/zip")
def take_export(id: UUID) -> Response:  # noqa: A002
    """Take a copy away: it is answered once, as a ZIP of JSON and a page to read, and is gone."""
    response = Response(exports.take(current_actor(), id), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return response


@rights.post("/me/closure")
@stepped_up_by_phone
@idempotent
@rights.refuses(HoldsOffice, MandateNotYours, MandateStepRefused, Stale)
@rights.body(Closure, example={"confirm": "close"})
@rights.answer(204)
def close_account(body: dict[str, Any]) -> None:  # noqa: ARG001  the shape is the confirmation
    """Close the account for ever; what law makes us keep is said under my data."""
    closing.close(current_actor(), _features())


@rights.post("/reveals")
@stepped_up
@rights.refuses(NotFound, FieldNotForRole, NotAgreed, TooMany)
@rights.body(NewReveal, example=examples.REVEAL)
@rights.answer(
    201, RevealedShape, example={"id": examples.EXAMPLE_ID, "field": "phone", "value": "199…"}
)
def reveal_field(body: dict[str, Any]) -> reveals.Revealed:
    """Show one field of one person to staff, with the reason; it is counted and written down.

    A repeat is a second look: no answer is kept, so it is asked, counted and written down anew.
    """
    return reveals.reveal(current_actor(), _features(), key=body.pop("id"), **body)


for _limited in (ask_export, give_consent, reveal_field):
    mark(_limited, "x-limited", True)


def _features() -> Sequence[Feature]:
    found: Sequence[Feature] = current_app.extensions["linli.features"]
    return found
