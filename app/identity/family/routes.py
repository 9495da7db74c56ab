"""Household and family over HTTP."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from app import clock
from app.areas.queries import names_of
from app.database import CursorRefused, Page
from app.errors import TooMany
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.step_up import stepped_up
from app.http.versions import etag, version_seen, versioned
from app.identity.family import consenting, service, sharing, signing, viewing
from app.identity.family.homes import home_at
from app.identity.family.refusals import GuardianshipOpen, NoHousehold, NotAMinor, TwoClerksNeeded
from app.identity.family.schemas import (
    CardShown,
    GuardianshipPage,
    GuardianshipQuery,
    GuardianshipShape,
    HomeQuery,
    HomeShape,
    HouseholdShape,
    NewGuardianship,
)
from app.identity.guardianship import SAID, GuardianshipStepRefused, State
from app.identity.real_name.refusals import IdentityNotMatched
from app.identity.refusals import AdultsOnly, LevelNeeded
from app.identity.service import REGISTER
from app.sync.reconcile.freshness import freshness_of
from app.sync.reconcile.schemas import AS_OF

family = Blueprint("family", __name__, url_prefix="/api/v1", description="家庭 · Family")

Answer = tuple[Any, dict[str, str]]

KEY = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0d1"
CHILD = {"name": "冯东", "id_number": "11010519491231002X"}


def _in(state: State) -> dict[str, object]:
    return {"state": state.value, "said_zh": SAID[state].zh, "said_en": SAID[state].en}


GUARDIANSHIP = {
    **_in(State.STANDING),
    "id": KEY,
    "basis": "register",
    "guardian_name": "冯*",
    "ward_name": "冯*",
    "consented": False,
    "asked_at": "2026-11-25T01:00:00+00:00",
    "begun_at": "2026-11-25T01:00:00+00:00",
    "ended_at": None,
    "desk_signed_once": False,
    "version": 1,
}
MEMBERS = {"members": [{"account_id": KEY, "name": "赵**", "relation": "spouse"}], "as_of": AS_OF}


@family.get("/me/home")
@family.query(HomeQuery)
@family.answer(200, HomeShape, example={"on": "2026-03-15", "areas": [], "as_of": AS_OF})
def show_home(query: dict[str, Any]) -> dict[str, Any]:
    """Show the areas that one lived in at the end of a day, as the register had it then."""
    day = query["on"] or clock.today()
    moment = datetime.combine(day + timedelta(days=1), time(), clock.SHANGHAI)
    found = home_at(current_actor().resident_id, min(moment, clock.now()))
    path = found.area_path if found else ()
    known = names_of(list(path))
    areas = [known[code] for code in path if code in known]
    return {"on": day, "areas": areas, "as_of": freshness_of(*REGISTER)}


@family.get("/me/household")
@family.answer(200, HouseholdShape, example=MEMBERS)
def list_household() -> dict[str, Any]:
    """List those of one's household who agreed to share with it."""
    return {"members": sharing.members(current_actor()), "as_of": freshness_of(*REGISTER)}


@family.post("/me/household/sharing")
@idempotent
@family.refuses(NoHousehold, AdultsOnly)
@family.answer(204)
def share() -> None:
    """Let the other adults of one's household see what one files."""
    sharing.share(current_actor())


@family.delete("/me/household/sharing")
@family.answer(204)
def stop_sharing() -> None:
    """Withdraw that; without it there is nothing to do."""
    sharing.stop_sharing(current_actor())


@family.post("/guardianships")
@idempotent
@family.refuses(LevelNeeded, IdentityNotMatched, NotAMinor, AdultsOnly, GuardianshipOpen, TooMany)
@family.body(NewGuardianship, example=CHILD)
@family.answer(201, GuardianshipShape, example=GUARDIANSHIP)
def ask_guardianship(body: dict[str, Any]) -> Answer:
    """Ask to act as a minor's guardian: at once where the register shows it, else by a desk."""
    key = service.ask(current_actor(), body["name"], body["id_number"])
    view, headers = _answered(viewing.show(current_actor(), key))
    return view, headers | {"Location": f"/api/v1/guardianships/{key}"}


@family.get("/guardianships")
@family.refuses(CursorRefused)
@family.query(GuardianshipQuery)
@family.answer(200, GuardianshipPage, example={"items": [GUARDIANSHIP], "next": None})
def list_guardianships(query: dict[str, Any]) -> Page[Any]:
    """List whose guardian one is, or who one's guardians are."""
    return viewing.listed(current_actor(), **query)


@family.get("/guardianships/<uuid:id>")
@family.answer(200, GuardianshipShape, example=GUARDIANSHIP)
def show_guardianship(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Show a guardianship to its two, and to a desk of the ward's area."""
    return _answered(viewing.show(current_actor(), id))


@family.post("/guardianships/<uuid:id>/desk-signatures")
@stepped_up
@idempotent
@versioned
@family.refuses(IdentityNotMatched, TwoClerksNeeded, GuardianshipStepRefused, TooMany)
@family.body(CardShown, example={"id_number": "11010519491231002X"})
@family.answer(200, GuardianshipShape, example=GUARDIANSHIP | {"basis": "desk"})
def confirm_at_desk(id: UUID, body: dict[str, Any]) -> Answer:  # noqa: A002
    """Confirm a guardian from papers shown at a desk; the second member of staff makes it stand."""
    seen = version_seen()
    return _answered(signing.confirm(current_actor(), id, body["id_number"], seen))


@family.post("/guardianships/<uuid:id>/refusal")
@idempotent
@versioned
@family.refuses(GuardianshipStepRefused)
@family.answer(200, GuardianshipShape, example=GUARDIANSHIP | _in(State.REFUSED))
def refuse_at_desk(id: UUID) -> Answer:  # noqa: A002
    """Say no at a desk to what was asked."""
    return _answered(signing.refuse(current_actor(), id, version_seen()))


@family.post("/guardianships/<uuid:id>/ending")
@idempotent
@versioned
@family.refuses(GuardianshipStepRefused)
@family.answer(200, GuardianshipShape, example=GUARDIANSHIP | _in(State.ENDED))
def end_guardianship(id: UUID) -> Answer:  # noqa: A002
    """End a guardianship, as the guardian or at a desk."""
    return _answered(service.end(current_actor(), id, version_seen()))


@family.post("/guardianships/<uuid:id>/consent")
@idempotent
@family.refuses(NotAMinor, GuardianshipStepRefused)
@family.answer(200, GuardianshipShape, example=GUARDIANSHIP | {"consented": True})
def consent_for_child(id: UUID) -> Answer:  # noqa: A002
    """Consent that the child, being under 14, has an account of their own."""
    return _answered(consenting.consent(current_actor(), id))


@family.delete("/guardianships/<uuid:id>/consent")
@family.answer(204)
def withdraw_for_child(id: UUID) -> None:  # noqa: A002
    """Withdraw that consent; the child's account loses its name at once."""
    consenting.withdraw(current_actor(), id)


for _limited in (ask_guardianship, confirm_at_desk):
    mark(_limited, "x-limited", True)


def _answered(view: viewing.GuardianshipView) -> Answer:
    return view, etag(view.row.version)
