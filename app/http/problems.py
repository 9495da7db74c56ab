"""Every refusal as application/problem+json (RFC 9457); one table says which status."""

import logging

import orjson
import psycopg
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Refusal,
    Stale,
    TooMany,
    Unauthenticated,
    Unavailable,
    VersionNeeded,
)
from app.http.language import language
from app.http.refusals import (
    BodyTooLarge,
    Broken,
    KeyReused,
    LengthNeeded,
    MediaTypeRefused,
    MethodRefused,
)

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[Refusal], int] = {
    Malformed: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodRefused: 405,
    Conflict: 409,
    LengthNeeded: 411,
    Stale: 412,
    BodyTooLarge: 413,
    MediaTypeRefused: 415,
    Invalid: 422,
    KeyReused: 422,
    VersionNeeded: 428,
    TooMany: 429,
    Broken: 500,
    Unavailable: 503,
}

FROM_HTTP: dict[int, type[Refusal]] = {
    400: Malformed,
    404: NotFound,
    405: MethodRefused,
    411: LengthNeeded,
    413: BodyTooLarge,
    415: MediaTypeRefused,
}

log = logging.getLogger("linli.fault")


def status_of(kind: type[Refusal]) -> int:
    """Return the HTTP status of a class of refusal: its own, or its nearest parent's."""
    return next(STATUS[parent] for parent in kind.__mro__ if parent in STATUS)


def document(refusal: Refusal, spoken: str, request_id: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the body of a refusal in a language."""
    status = status_of(type(refusal))
    body: dict[str, object] = {
        "type": f"urn:linli:problem:{refusal.slug}",
        "title": refusal.title.spoken(spoken),
        "status": status,
        "instance": f"urn:linli:request:{request_id}",
    }
    if isinstance(refusal, Invalid):
        body["errors"] = [
            {"pointer": f.pointer, "code": f.code, "detail": f.words.spoken(spoken)}
            for f in refusal.faults
        ]
    body.update(refusal.facts)
    headers = {"Content-Type": MEDIA_TYPE, "Content-Language": "en" if spoken == "en" else "zh-CN"}
    if isinstance(refusal, TooMany | Unavailable):
        headers["Retry-After"] = str(refusal.retry_after)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="linli"'
    return status, headers, orjson.dumps(body)


def problem(refusal: Refusal) -> Response:
    """Return the refusal as a problem document in the caller's language."""
    status, headers, body = document(refusal, language(), g.get("request_id", "-"))
    g.slug = refusal.slug
    return Response(body, status, headers)


def handle_problems(app: Flask) -> None:
    """Register the one way in which an exception becomes an answer."""
    app.register_error_handler(Refusal, problem)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(PoolTimeout, lambda _: problem(Unavailable()))
    app.register_error_handler(DBAPIError, _from_toolkit)
    app.register_error_handler(psycopg.Error, _from_driver)
    app.register_error_handler(Exception, _unforeseen)


def _from_http(fault: HTTPException) -> Response:
    response = problem(FROM_HTTP.get(fault.code or 500, Malformed)())
    if isinstance(fault, MethodNotAllowed) and fault.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(fault.valid_methods))
    return response


def _from_toolkit(fault: DBAPIError) -> Response:
    return _from_driver(fault.orig) if isinstance(fault.orig, psycopg.Error) else _unforeseen(fault)


def _from_driver(fault: psycopg.Error) -> Response:
    if isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError):
        log.warning("database away or busy: %s", type(fault).__name__)
        return problem(Unavailable())
    return _unforeseen(fault)


def _unforeseen(fault: Exception) -> Response:
    # The stack goes to the log with the request's id; parameters are hidden by the engine, and
    # the exception's own text is left out because it may quote what a resident wrote.
    frames = []
    trace = fault.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    log.error(
        "%s at %s in %s [%s]",
        type(fault).__name__,
        request.endpoint,
        g.get("request_id", "-"),
        " < ".join(reversed(frames)),
    )
    return problem(Broken())
