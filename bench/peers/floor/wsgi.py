"""The one function that gunicorn calls."""

import time
import uuid
from http import HTTPStatus

import orjson

from bench.peers import duties
from bench.peers.floor.filing import file_request
from bench.peers.floor.ground import Refused, actor_of
from bench.peers.floor.nearby import list_near


def app(environ, start_response):
    """Answer both operations, and refuse the rest."""
    began = time.perf_counter()
    name = environ.get("HTTP_X_REQUEST_ID") or str(uuid.uuid4())
    account, headers = None, {}
    try:
        operation = {"GET": list_near, "POST": file_request}[environ["REQUEST_METHOD"]]
        actor = account, *_ = actor_of(environ.get("HTTP_AUTHORIZATION", ""), operation.__name__)
        status, body, headers = operation(environ, actor, name)
    except Refused as refusal:
        status = refusal.args[0]
        body = orjson.dumps({"status": status})
    lines = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "X-Request-Id": name,
        **duties.HEADERS,
        **headers,
    }
    duties.log_line(began, environ["REQUEST_METHOD"], environ["PATH_INFO"], status, account, name)
    start_response(f"{status} {HTTPStatus(status).phrase}", list(lines.items()))
    return [body]
