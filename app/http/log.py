"""One JSON line a request: an allow-list of keys, no body, no query string, no personal data."""

import logging
import sys
import time

import orjson
from flask import Flask, Response, g, request

from app import clock
from app.database import statements_so_far

log = logging.getLogger("linli.request")


def log_requests(app: Flask) -> None:
    """Write a line to the ``linli.request`` logger after every request."""

    def write(response: Response) -> Response:
        actor = g.get("actor")
        line = {
            "at": clock.now(),
            "request_id": g.request_id,
            "method": request.method,
            "operation": request.endpoint,
            "route": str(request.url_rule) if request.url_rule else None,
            "status": response.status_code,
            "problem": g.get("slug"),
            "account": actor.account_id if actor else None,
            "ms": round((time.perf_counter() - g.began) * 1000, 1),
            "statements": statements_so_far() - g.statements,
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
