"""One JSON line a request: an allow-list of keys, no body, no query string, no personal data."""

import logging
import sys
import time
from uuid import UUID

import orjson
from flask import Flask, Response

from app import clock
from app.database import statements_so_far
from app.http.context import Arrival, asked, notes

log = logging.getLogger("linli.request")


def log_requests(app: Flask) -> None:
    """Write a line to the ``linli.request`` logger after every request."""

    def write(response: Response) -> Response:
        note, rule = notes(), asked().url_rule
        actor = note.get("actor")
        log_request(
            note.arrival,
            rule.endpoint if rule else None,
            rule.rule if rule else None,
            response.status_code,
            note.get("slug"),
            actor.account_id if actor else None,
            response.content_length,
        )
        return response

    app.after_request(write)


def log_request(
    arrival: Arrival,
    operation: str | None,
    route: str | None,
    status: int,
    problem: str | None = None,
    account: UUID | None = None,
    length: int | None = None,
) -> None:
    """Write the line of a request that was answered just now."""
    line = {
        "at": clock.now(),
        "request_id": arrival.request_id,
        "method": arrival.method,
        "operation": operation,
        "route": route,
        "status": status,
        "problem": problem,
        "account": account,
        "ms": round((time.perf_counter() - arrival.began) * 1000, 1),
        "statements": statements_so_far() - arrival.statements,
        "bytes": length,
    }
    log.info(orjson.dumps(line).decode())


def log_to_stdout() -> None:
    """Send the product's loggers to standard output, a line each."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    product = logging.getLogger("linli")
    product.handlers[:] = [handler]
    product.setLevel(logging.INFO)
    product.propagate = False
