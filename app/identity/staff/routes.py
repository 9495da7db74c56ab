"""Staff over HTTP: rights asked for and approved, cover while away, accounts that end."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.step_up import stepped_up
from app.http.versions import etag, version_seen, versioned
from app.identity.staff import accounts, asking, examples, service
from app.identity.staff.accounts import AccountNotSo
from app.identity.staff.lifecycle import GrantStepRefused
from app.identity.staff.refusals import NothingToCover, NotOneself, SecondAdministratorNeeded
from app.identity.staff.schemas import (
    Disabling,
    GrantPage,
    GrantShape,
    NewCover,
    NewGrant,
    StaffPage,
)
from app.identity.step_up.refusals import NoAuthenticator
from app.policy import RoleRefused, RolesKeptApart
from app.sync.reconcile.freshness import DatedPage, dated

staff = Blueprint("staff", __name__, url_prefix="/api/v1", description="人员与授权 · Staff")

Answer = tuple[Any, dict[str, str]]


@staff.get("/staff")
@staff.refuses(CursorRefused)
@staff.query(PageQuery)
@staff.answer(200, StaffPage, example=examples.STAFF)
def list_staff(query: dict[str, Any]) -> DatedPage:
    """List who the district's register has as staff, names masked."""
    return dated(service.staff(**query), "staff", "departments")


@staff.post("/grants")
@stepped_up
@idempotent
@staff.refuses(RolesKeptApart)
@staff.body(NewGrant, example=examples.NEW)
@staff.answer(201, GrantShape, example=examples.GRANT)
def ask_grant(body: dict[str, Any]) -> Answer:
    """Ask for a role for a member of staff; it counts once another has approved it."""
    period = asking.Period(body.pop("valid_from"), body.pop("valid_to"))
    return _made(asking.ask_grant(current_actor(), period=period, **body))


@staff.post("/covers")
@stepped_up
@idempotent
@staff.refuses(RoleRefused, RolesKeptApart, NothingToCover, NotOneself)
@staff.body(NewCover, example=examples.COVER)
@staff.answer(201, GrantShape, example=examples.GRANT)
def ask_cover(body: dict[str, Any]) -> Answer:
    """Ask that a colleague covers one's roles while one is away; it counts once approved."""
    period = asking.Period(body.pop("valid_from"), body.pop("valid_to"))
    return _made(asking.ask_cover(current_actor(), period=period, **body))


@staff.get("/grants")
@staff.refuses(CursorRefused)
@staff.query(PageQuery)
@staff.answer(200, GrantPage, example={"items": [examples.GRANT], "next": None})
def list_grants(query: dict[str, Any]) -> Page[Any]:
    """List added rights: one's own; to administrators and auditors, all."""
    return service.listed(current_actor(), **query)


@staff.get("/grants/<uuid:id>")
@staff.answer(200, GrantShape, example=examples.GRANT)
def show_grant(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Show an added right."""
    return _answered(service.show(current_actor(), id))


@staff.post("/grants/<uuid:id>/approval")
@stepped_up
@idempotent
@versioned
@staff.refuses(SecondAdministratorNeeded, RolesKeptApart, GrantStepRefused)
@staff.answer(200, GrantShape, example=examples.GRANT | {"state": "standing"})
def approve_grant(id: UUID) -> Answer:  # noqa: A002
    """Approve what another has asked for."""
    return _answered(service.approve(current_actor(), id, version_seen()))


@staff.post("/grants/<uuid:id>/refusal")
@idempotent
@versioned
@staff.refuses(GrantStepRefused)
@staff.answer(200, GrantShape, example=examples.GRANT | {"state": "refused"})
def refuse_grant(id: UUID) -> Answer:  # noqa: A002
    """Say no to what was asked for; whoever asked withdraws it."""
    return _answered(service.refuse(current_actor(), id, version_seen()))


@staff.post("/grants/<uuid:id>/revocation")
@idempotent
@versioned
@staff.refuses(GrantStepRefused)
@staff.answer(200, GrantShape, example=examples.GRANT | {"state": "revoked"})
def revoke_grant(id: UUID) -> Answer:  # noqa: A002
    """End a right at once."""
    return _answered(service.revoke(current_actor(), id, version_seen()))


@staff.post("/accounts/<uuid:id>/disabling")
@stepped_up
@idempotent
@staff.refuses(NotOneself, AccountNotSo)
@staff.body(Disabling, example={"reason": "left"})
@staff.answer(204)
def disable_account(id: UUID, body: dict[str, Any]) -> None:  # noqa: A002
    """Keep an account out from the next request on, on every device."""
    accounts.disable(current_actor(), id, body["reason"])


@staff.post("/accounts/<uuid:id>/enabling")
@stepped_up
@idempotent
@staff.refuses(NotOneself, AccountNotSo)
@staff.answer(204)
def enable_account(id: UUID) -> None:  # noqa: A002
    """Let a disabled account in again."""
    accounts.enable(current_actor(), id)


@staff.post("/accounts/<uuid:id>/authenticator-removal")
@stepped_up
@idempotent
@staff.refuses(NotOneself, NoAuthenticator)
@staff.answer(204)
def remove_authenticator(id: UUID) -> None:  # noqa: A002
    """Take away the authenticator of somebody who has lost it with every recovery code."""
    accounts.remove_authenticator(current_actor(), id)


def _made(key: UUID) -> Answer:
    view, headers = _answered(service.show(current_actor(), key))
    return view, headers | {"Location": f"/api/v1/grants/{key}"}


def _answered(view: dict[str, Any]) -> Answer:
    return view, etag(view["version"])
