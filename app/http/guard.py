"""Closed by default: who is asking is read anew and judged by the table before any view runs."""

import re
import time
import uuid
from collections.abc import Callable
from uuid import UUID

from flask import Flask, Response, g
from werkzeug.datastructures import Headers

from app.database import NOBODY, Kind, Sight, look_back, see_as, statements_so_far
from app.errors import Unauthenticated
from app.http.context import asked, notes
from app.http.refusals import BodyTooLarge, LengthNeeded
from app.http.tokens import read_token
from app.policy import Actor, PolicyTable, Role
from app.privacy import audit_acting, audit_context, audit_covering, forget_subject_keys

ActorLoader = Callable[[UUID, UUID, bool], Actor]

GIVEN_ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){4}[0-9a-f]{8}")
"""A UUID, with or without its dashes: nothing that a phone number could pass for."""

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def guard(app: Flask, table: PolicyTable, load_actor: ActorLoader, body_limit: int) -> None:
    """Put the guard before every view of ``app``; ``load_actor`` refuses ended sessions.

    It is told of callers who only ask whether something has changed, for whom rarely more is read.
    """

    def begin() -> None:
        ask, note = asked(), notes()
        note.began, note.statements = time.perf_counter(), statements_so_far()
        headers = ask.headers
        given = headers.get("X-Request-Id", "")
        note.request_id = given if GIVEN_ID.fullmatch(given) else str(uuid.uuid4())
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
            note.actor = load_actor(*read_token(header), "If-None-Match" in headers)
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
