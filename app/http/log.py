"""One JSON line a request: an allow-list of keys, no body, no query string, no personal data."""

import logging
import sys
import time

import orjson
from flask import Flask, Response

from app import clock
from app.database import statements_so_far
from app.http.context import asked, notes

log = logging.getLogger("linli.request")


def log_requests(app: Flask) -> None:
    """Write a line to the ``linli.request`` logger after every request."""

    def write(response: Response) -> Response:
        ask, note = asked(), notes()
        actor, rule = note.get("actor"), ask.url_rule
        line = {
            "at": clock.now(),
            "request_id": note.request_id,
            "method": ask.method,
            "operation": rule.endpoint if rule else None,
            "route": rule.rule if rule else None,
            "status": response.status_code,
            "problem": note.get("slug"),
            "account": actor.account_id if actor else None,
            "ms": round((time.perf_counter() - note.began) * 1000, 1),
            "statements": statements_so_far() - note.statements,
            "bytes": response.content_length,
        }
        log.info(orjson.dumps(line).decode())
        return response

    app.after_request(write)


def log_to_stdout() -> None:
    """Send the product's loggers to standard output, a line each."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    product = logging.getLogger("linli")
    product.handlers[:] = [handler]
    product.setLevel(logging.INFO)
    product.propagate = False
