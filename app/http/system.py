"""Health, readiness, the API's description and its interactive page."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
import psycopg
from flask import Blueprint, Response, send_from_directory
from sqlalchemy.exc import SQLAlchemyError

from app.database import read
from app.errors import NotFound, Unavailable
from app.policy import Role, Rows, Scope

OPEN = {Role.ANYONE: Scope.PUBLIC}

POLICY: Rows = {
    ("system.healthz", "GET"): OPEN,
    ("system.readyz", "GET"): OPEN,
    ("system.openapi", "GET"): OPEN,
    ("system.docs", "GET"): OPEN,
    ("system.docs_asset", "GET"): OPEN,
}

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Linli 邻里 · API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>
</body></html>"""

START = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#page", deepLinking: true});'

ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")

SELF_ONLY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


def system_blueprint(describe: Callable[[], dict[str, Any]], newest: str) -> Blueprint:
    """Return the routes that are no feature's; ``newest`` is the migration the code needs."""
    bp = Blueprint("system", __name__)
    cached: list[bytes] = []

    @bp.get("/healthz")
    def healthz() -> Response:
        """Say that this process answers."""
        return _json(b'{"status":"alive"}')

    @bp.get("/readyz")
    def readyz() -> Response:
        """Say that the database answers and has the tables that this code expects."""
        try:
            found = read("SELECT version_num FROM alembic_version")
        except (psycopg.Error, SQLAlchemyError) as fault:
            raise Unavailable(waiting_for="database") from fault
        if [row.version_num for row in found] != [newest]:
            raise Unavailable(waiting_for="migrations")
        return _json(b'{"status":"ready"}')

    @bp.get("/openapi.json")
    def openapi() -> Response:
        """Return the API's description (OpenAPI 3.0.3)."""
        if not cached:
            cached.append(orjson.dumps(describe()))
        return _json(cached[0])

    @bp.get("/docs")
    def docs() -> Response:
        """Return the interactive page."""
        response = Response(PAGE, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = SELF_ONLY
        return response

    @bp.get("/docs/<path:name>")
    def docs_asset(name: str) -> Response:
        """Return a file of the interactive page, from the installed package."""
        if name == "start.js":
            return Response(START, content_type="text/javascript; charset=utf-8")
        if name not in ASSETS:
            raise NotFound
        return send_from_directory(_swagger_folder(), name, max_age=86400)

    return bp


def _json(body: bytes) -> Response:
    return Response(body, content_type="application/json")


def _swagger_folder() -> Path:
    spec = find_spec("swagger_ui")
    if spec is None or spec.origin is None:
        raise NotFound
    return Path(spec.origin).parent / "static"
