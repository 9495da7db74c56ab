"""A poll that finds nothing new is answered in front of Flask.

Most of what phones ask is whether there is anything new, and mostly there is not. To know that
takes who asks, whether their session stands, and the tag of what they have seen; what Flask does
for any request is as much again. So these polls are answered here as their view would answer them.
Whatever is new, refused or out of the ordinary goes on to Flask, which judges it by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask

from app.database import NOBODY, look_back, see_as
from app.errors import Refusal
from app.http.conditional import Standing, kept_under, tag_of
from app.http.context import Arrival
from app.http.guard import FOUND, HEADERS, ActorLoader, sight_of
from app.http.log import log_request
from app.http.tokens import read_token
from app.policy import PolicyTable, Row
from app.privacy import forget_subject_keys

NOT_MODIFIED = 304
ALWAYS = tuple((name, value) for name, value in HEADERS.items() if name != "Cache-Control")

Environ = dict[str, Any]
Start = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class _Poll:
    """An operation that may be answered by its tag alone."""

    operation: str
    route: str
    row: Row
    standing: Standing


class Polls:
    """The application with its polls answered in front of it."""

    def __init__(self, app: Flask, table: PolicyTable, load_actor: ActorLoader) -> None:
        """Take the operations that ``app`` has by now."""
        self._app, self._inside, self._load = app, app.wsgi_app, load_actor
        self._known: dict[str, _Poll] = {}
        for rule in app.url_map.iter_rules():
            standing = getattr(app.view_functions[rule.endpoint], "standing", None)
            if standing and not rule.arguments:
                row = table.row(rule.endpoint, "GET")
                self._known[rule.rule] = _Poll(rule.endpoint, rule.rule, row, standing)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer 304 if that is the answer; else let Flask answer."""
        poll = self._known.get(environ.get("PATH_INFO", ""))
        if poll and _asks_only(environ):
            headers = self._unchanged(poll, environ)
            if headers:
                start_response("304 NOT MODIFIED", headers)
                return []
        return self._inside(environ, start_response)

    def _unchanged(self, poll: _Poll, environ: Environ) -> list[tuple[str, str]] | None:
        """Return the headers of an answer that says so, or None."""
        arrival = Arrival.of("GET", environ.get("HTTP_X_REQUEST_ID", ""))
        with self._app.app_context():
            forget_subject_keys()
            before = see_as(NOBODY)
            try:
                actor = self._load(*read_token(environ["HTTP_AUTHORIZATION"]), True)
                see_as(sight_of(actor))
                PolicyTable.decide(poll.row, actor)
                depends = poll.standing(actor)
            except (Refusal, psycopg.Error):
                return None
            finally:
                look_back(before)
        tag = tag_of(depends, environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        if depends is None or environ["HTTP_IF_NONE_MATCH"] != tag:
            environ[FOUND] = arrival, actor
            return None
        log_request(arrival, poll.operation, poll.route, NOT_MODIFIED, account=actor.account_id)
        return [*kept_under(tag).items(), ("X-Request-Id", arrival.request_id), *ALWAYS]


def _asks_only(environ: Environ) -> bool:
    """Tell whether a request is a poll and nothing else: a GET with a token, a tag and no body."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_IF_NONE_MATCH" in environ
        and "HTTP_AUTHORIZATION" in environ
        and "HTTP_TRANSFER_ENCODING" not in environ
        and environ.get("CONTENT_LENGTH", "") in ("", "0")
    )
