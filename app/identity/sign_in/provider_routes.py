"""Being let in by a provider, and linking one."""

from typing import Any
from uuid import UUID

from flask import request

from app.errors import NotFound, TooMany
from app.http.blueprint import Blueprint, mark
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.identity.codes import CodeRefused
from app.identity.sessions.schemas import SessionShape
from app.identity.sessions.tokens import TOKENS, tokens_of
from app.identity.sign_in import arriving, linking
from app.identity.sign_in.refusals import (
    PhoneNeeded,
    ProviderAway,
    ProviderLinked,
    ProviderRefused,
)
from app.identity.sign_in.routes import EXAMPLE_ID
from app.identity.sign_in.schemas import (
    CodeShown,
    ProviderLinkList,
    ProviderLinkWanted,
    ProviderSession,
    SentShape,
)
from app.identity.sign_in.seats import SeatsTaken
from app.policy import Role, Rows, Scope

providers = Blueprint(
    "providers", __name__, url_prefix="/api/v1", description="第三方登录 · Providers"
)

OPEN = {Role.ANYONE: Scope.PUBLIC}
OWN = {Role.RESIDENT: Scope.SELF}

POLICY: Rows = {
    ("providers.visit_provider", "POST"): OPEN,
    ("providers.begin_session_by_provider", "POST"): OPEN,
    ("providers.list_links", "GET"): OWN,
    ("providers.link_provider", "POST"): OWN,
    ("providers.unlink_provider", "POST"): OWN,
}

CODE = {"challenge_id": EXAMPLE_ID, "code": "042117"}
BACK = {"provider_code": "SplxlOBeZQQYbYS6WxSbIA", "visit_id": EXAMPLE_ID, "state": "af0ifjsldkj"}


@providers.post("/sign-in/providers/<code:provider>/visits")
@providers.refuses(NotFound, ProviderAway, SeatsTaken, TooMany)
@providers.answer(
    201,
    SentShape,
    example={
        "visit_id": EXAMPLE_ID,
        "go_to": "https://id.example/authorize?client_id=linli&…",
        "expires_at": "2026-11-23T01:10:00+00:00",
    },
)
def visit_provider(provider: str) -> arriving.Sent:
    """Send somebody to a provider's own page; the app keeps ``visit_id`` until they come back."""
    return arriving.send(provider, str(request.remote_addr))


@providers.post("/sessions/providers/<code:provider>")
@providers.refuses(NotFound, PhoneNeeded, ProviderRefused, ProviderAway, SeatsTaken, TooMany)
@providers.body(ProviderSession, example=BACK | {"device": "My phone"})
@providers.answer(201, SessionShape, example=TOKENS)
def begin_session_by_provider(provider: str, body: dict[str, Any]) -> dict[str, Any]:
    """Sign in by what the provider gave; whoever is new here verifies a phone first."""
    begun = arriving.sign_in(
        provider, body["provider_code"], body["device"], str(request.remote_addr), _back(body)
    )
    return tokens_of(begun)


@providers.get("/me/providers")
@providers.answer(
    200,
    ProviderLinkList,
    example={"items": [{"provider": "wechat", "linked_at": "2026-11-23T01:00:00+00:00"}]},
)
def list_links() -> dict[str, Any]:
    """List the providers by which the caller can sign in."""
    return {"items": linking.links(current_actor())}


@providers.post("/me/providers/<code:provider>")
@providers.refuses(
    NotFound, ProviderLinked, ProviderRefused, ProviderAway, CodeRefused, SeatsTaken, TooMany
)
@providers.body(ProviderLinkWanted, example=CODE | BACK)
@providers.answer(204)
def link_provider(provider: str, body: dict[str, Any]) -> None:
    """Link the caller to a provider, with a fresh code of purpose ``link``."""
    arriving.link_to_holder(
        current_actor(),
        provider,
        body["provider_code"],
        _back(body),
        (body["challenge_id"], body["code"]),
        str(request.remote_addr),
    )


@providers.post("/me/providers/<code:provider>/removal")
@idempotent
@providers.refuses(NotFound, CodeRefused)
@providers.body(CodeShown, example=CODE)
@providers.answer(204)
def unlink_provider(provider: str, body: dict[str, Any]) -> None:
    """Unlink the caller from a provider, with a fresh code of purpose ``link``."""
    linking.unlink(current_actor(), provider, (body["challenge_id"], body["code"]))


for _limited in (visit_provider, begin_session_by_provider, link_provider):
    mark(_limited, "x-limited", True)


def _back(body: dict[str, Any]) -> tuple[UUID, str] | None:
    """Return the visit and its state; both or neither."""
    visit, state = body["visit_id"], body["state"]
    return (visit, state) if visit and state else None
