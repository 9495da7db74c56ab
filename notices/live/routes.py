"""Tickets for streams over HTTP."""

from typing import Any

import marshmallow as ma

from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.http.shapes import Shape
from app.policy import Rows
from notices.live.asking import COOKIE
from notices.live.refusals import TooManyStreams
from notices.live.tickets import GOOD_FOR, Ticket, issue
from notices.model.policy import READER

live = Blueprint("live", __name__, url_prefix="/api/v1/inbox", description="实时 · Live")

POLICY: Rows = {("live.open_stream", "POST"): READER}
SECONDS = int(GOOD_FOR.total_seconds())
EXAMPLE = {"url": "/live/018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001", "seconds": SECONDS}


class StreamShape(Shape):
    """Where a stream waits, once, and for how many seconds; its secret is in the cookie."""

    url = ma.fields.String(required=True)
    seconds = ma.fields.Integer(required=True)


@live.post("/streams")
@live.refuses(TooManyStreams)
@live.answer(201, StreamShape, example=EXAMPLE)
def open_stream() -> tuple[dict[str, Any], dict[str, str]]:
    """Let one page open a stream of events; each call gives a ticket of its own, for one use."""
    ticket = issue(current_actor())
    url = f"/live/{ticket.id}"
    return {"url": url, "seconds": SECONDS}, {"Set-Cookie": cookie_of(ticket, url)}


def cookie_of(ticket: Ticket, path: str) -> str:
    """Return the cookie: no script reads it, no other site sends it, no other path gets it."""
    kept = f"Max-Age={SECONDS}; Path={path}; Secure; HttpOnly; SameSite=Strict"
    return f"{COOKIE}={ticket.secret}; {kept}"
