"""Closed by default: who is asking is read anew and judged by the table before any view runs."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask, Response, g
from werkzeug.datastructures import Headers

from app.database import NOBODY, Kind, Sight, look_back, see_as
from app.errors import Unauthenticated
from app.http.context import Arrival, asked, notes
from app.http.refusals import BodyTooLarge, LengthNeeded
from app.http.tokens import read_token
from app.policy import Actor, PolicyTable, Role
from app.privacy import audit_acting, audit_context, audit_covering, forget_subject_keys

ActorLoader = Callable[[UUID, UUID, bool], Actor]
"""Finds who a token names, and refuses ended sessions; told whether more may be read for them."""

FOUND = "linli.found"
"""Where in a request's environment its arrival and its caller stand, if they were found before."""

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def guard(app: Flask, table: PolicyTable, load_actor: ActorLoader, body_limit: int) -> None:
    """Put the guard before every view of ``app``."""

    def begin() -> None:
        ask, note = asked(), notes()
        headers = ask.headers
        known, actor = ask.environ.get(FOUND, (None, None))
        note.arrival = known or Arrival.of(ask.method, headers.get("X-Request-Id", ""))
        note.request_id = note.arrival.request_id
        audit_context.set(note.request_id)
        audit_covering.set(())
        audit_acting.set({})
        forget_subject_keys()
        note.sight_before = see_as(NOBODY)
        limit = _limit_of(app, ask.endpoint, body_limit)
        ask.max_content_length = limit
        _bound_the_body(ask.content_length, headers, limit)
        if ask.url_rule is None:
            return  # Flask will answer 404 or 405; there is nothing to guard
        row = table.row(str(ask.endpoint), ask.method)
        note.actor = None
        if row.keys() != {Role.ANYONE} and (header := headers.get("Authorization")):
            note.actor = actor or load_actor(*read_token(header), False)
            see_as(sight_of(note.actor))
            audit_covering.set(note.actor.covers)
        table.decide(row, note.actor)

    def finish(response: Response) -> Response:
        headers = response.headers
        headers.add("X-Request-Id", g.request_id)
        for name, value in HEADERS.items():
            if name not in headers:
                headers.add(name, value)
        return response

    def end(_fault: BaseException | None) -> None:
        if (before := notes().pop("sight_before", None)) is not None:
            look_back(before)

    app.before_request(begin)
    app.after_request(finish)
    app.teardown_request(end)


def sight_of(actor: Actor) -> Sight:
    """Return what the server lets pass for a person: their own, or what staff work with."""
    kind = Kind.STAFF if actor.grants else Kind.RESIDENT
    return Sight(kind, actor.account_id, actor.resident_id)


def _limit_of(app: Flask, endpoint: str | None, general: int) -> int:
    """Return how long a body may be: an operation that takes files has a limit of its own."""
    return int(getattr(app.view_functions.get(endpoint or ""), "body_limit", general))


def _bound_the_body(length: int | None, headers: Headers, limit: int) -> None:
    if length is None and "Transfer-Encoding" in headers:
        # Werkzeug cuts a chunked body silently at its limit; a length makes the cut visible.
        raise LengthNeeded
    if length is not None and length > limit:
        raise BodyTooLarge(limit=limit)


def current_actor() -> Actor:
    """Return the signed-in caller of this request."""
    actor: Actor | None = g.actor
    if actor is None:
        raise Unauthenticated
    return actor
