"""WeChat over HTTP: the resident's side."""

from typing import Any

import marshmallow as ma

from app.errors import NotFound
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import Pattern, Shape
from app.policy import Role, Rows, Scope
from notices.channels.wechat import linking

wechat = Blueprint("wechat", __name__, url_prefix="/api/v1", description="微信 · WeChat")

SELF = {Role.RESIDENT: Scope.SELF}
POLICY: Rows = {
    ("wechat.link_wechat", "POST"): SELF,
    ("wechat.show_link", "GET"): SELF,
    ("wechat.unlink_wechat", "DELETE"): SELF,
}

LINK = {"state": "linked", "made_at": "2026-11-23T01:00:00+00:00"}


class WeChatCode(Shape):
    """The code that WeChat's own page gave."""

    code = Pattern(r"[A-Za-z0-9_-]{8,128}", required=True)


class WeChatLinkShape(Shape):
    """``waiting`` for WeChat, ``linked``, or ``refused``: then ask for a new code."""

    state = ma.fields.String(required=True)
    made_at = ma.fields.AwareDateTime(required=True, format="iso")


@wechat.post("/wechat-link")
@idempotent
@wechat.body(WeChatCode, example={"code": "061Nfk000cmRhP1Y4W200Y0k2x1Nfk0H"})
@wechat.answer(202, WeChatLinkShape, example=LINK | {"state": "waiting"})
def link_wechat(body: dict[str, Any]) -> dict[str, Any]:
    """Link the caller's WeChat, instead of what was linked before."""
    linking.link(current_actor(), body["code"])
    return linking.mine(current_actor())


@wechat.get("/wechat-link")
@wechat.refuses(NotFound)
@wechat.answer(200, WeChatLinkShape, example=LINK)
def show_link() -> dict[str, Any]:
    """Show how the caller's link stands."""
    return linking.mine(current_actor())


@wechat.delete("/wechat-link")
@wechat.refuses(NotFound)
@wechat.answer(204)
def unlink_wechat() -> None:
    """Send nothing to the caller's WeChat any more."""
    linking.unlink(current_actor())
